// swift-tools-version: 6.2
// Measurements of the kernels against the limits of the machine. Its own package: nobody who depends on
// Surprisal builds it. Run `swift run -c release` here.

import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "surprisal", path: "..")],
  targets: [
    .target(name: "MachineLimits"),
    .executableTarget(
      name: "KernelBenchmark",
      dependencies: ["MachineLimits", .product(name: "Surprisal", package: "surprisal")]),
  ],
  swiftLanguageModes: [.v6]
)
