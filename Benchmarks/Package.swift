// swift-tools-version: 6.2
// Measurements of kernels, passes and whole fits. Its own package: nobody who depends on Surprisal builds it.
// `./run` beside this file builds it, runs the peers too and prints the table.

import PackageDescription

let surprisal: Target.Dependency = .product(name: "Surprisal", package: "surprisal")

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "surprisal", path: "..")],
  targets: [
    .target(name: "MachineLimits"),
    .executableTarget(name: "KernelBenchmark", dependencies: ["MachineLimits", surprisal]),
    .executableTarget(name: "FitBenchmark", dependencies: ["MachineLimits", surprisal]),
  ],
  swiftLanguageModes: [.v6]
)
