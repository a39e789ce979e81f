// swift-tools-version: 6.2
// Surprisal: multi-class probabilistic classifiers by maximum likelihood, soft labels included.
//
// The manifest is the architecture: a module may import what is listed beside it and nothing else.
// `swift build --explicit-target-dependency-import-check error` (run by .ci/run) holds it to that.

import PackageDescription

let realNumbers: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// A library module. The target carries the project's prefix, so that a package with a `Models` of
/// its own can depend on this one; the folder does not.
func module(
  _ name: String, uses modules: [String], _ products: [Target.Dependency] = []
) -> Target {
  .target(
    name: "Surprisal\(name)",
    dependencies: modules.map { .target(name: "Surprisal\($0)") } + products,
    path: "Sources/\(name)")
}

/// The tests of a module, with the shared test support.
func tests(
  of name: String, using modules: [String] = [], leaving files: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ([name] + modules).map { .target(name: "Surprisal\($0)") } + ["TestSupport"],
    path: "Tests/\(name)Tests", exclude: files)
}

/// The commit that is built, for `surprisal --version --json`.
let commit: [CSetting] =
  Context.gitInformation.map { git in
    [
      .define("SURPRISAL_COMMIT", to: git.currentCommit),
      .define("SURPRISAL_MODIFIED", to: git.hasUncommittedChanges ? "1" : "0"),
    ]
  } ?? []

let belowEstimation = [
  "LinearAlgebra", "Probability", "Datasets", "Annotation", "Optimization", "Models", "Evaluation",
]

/// What is beside the way to a fit: files.
let beside = ["Tables"]

let belowFitting = belowEstimation + ["Estimation", "Inference", "Calibration"]

let fitting = belowFitting + ["Fitting"]

let package = Package(
  name: "surprisal",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Surprisal", targets: ["Surprisal"]),
    .executable(name: "surprisal", targets: ["SurprisalCommand"]),
    .library(name: "surprisalc", type: .dynamic, targets: ["SurprisalForeign"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
  ],
  targets: [
    .target(name: "SurprisalKernels", path: "Sources/Kernels"),
    module("LinearAlgebra", uses: ["Kernels"], [realNumbers]),
    module("Probability", uses: ["LinearAlgebra", "Kernels"], [realNumbers]),
    module("Datasets", uses: ["LinearAlgebra", "Probability"], [realNumbers]),
    module("Optimization", uses: ["LinearAlgebra"], [realNumbers]),
    module("Models", uses: ["LinearAlgebra", "Kernels", "Datasets"]),
    module(
      "Annotation", uses: ["Kernels", "LinearAlgebra", "Probability", "Datasets", "Optimization"],
      [realNumbers]),
    module("Evaluation", uses: ["LinearAlgebra", "Probability", "Datasets"], [realNumbers]),
    module("Estimation", uses: belowEstimation, [realNumbers]),
    module("Inference", uses: belowEstimation + ["Estimation"], [realNumbers]),
    module("Calibration", uses: belowEstimation + ["Estimation", "Inference"], [realNumbers]),
    module("Tables", uses: ["LinearAlgebra", "Probability", "Datasets", "Annotation"]),
    module("Fitting", uses: belowFitting),
    module("Diagnostics", uses: fitting + beside),
    module("ModelStore", uses: fitting + ["Tables", "Diagnostics"]),
    module(
      "Reporting", uses: fitting + beside + ["ModelStore", "Diagnostics"], [realNumbers]),
    module("Export", uses: fitting + beside + ["ModelStore", "Diagnostics"]),
    .target(
      name: "Surprisal",
      dependencies: (fitting + beside + ["ModelStore", "Diagnostics", "Reporting", "Export"])
        .map { .target(name: "Surprisal\($0)") },
      path: "Sources/Surprisal"),
    .target(name: "SurprisalBuild", path: "Sources/Build", cSettings: commit),
    .executableTarget(
      name: "SurprisalCommand", dependencies: ["Surprisal", "SurprisalBuild", argumentParser],
      path: "Sources/Command"),
    .systemLibrary(name: "SurprisalForeignHeader", path: "Sources/ForeignHeader"),
    .target(
      name: "SurprisalForeign",
      dependencies: (fitting + beside + ["ModelStore", "Diagnostics", "Reporting", "Export"])
        .map { .target(name: "Surprisal\($0)") } + ["SurprisalForeignHeader"],
      path: "Sources/Foreign"),
    .target(
      name: "TestSupport",
      dependencies: belowEstimation.map { .target(name: "Surprisal\($0)") },
      path: "Tests/TestSupport"),
    tests(of: "LinearAlgebra"),
    tests(of: "Probability", using: ["LinearAlgebra"]),
    tests(of: "Datasets", using: ["LinearAlgebra", "Probability"]),
    tests(of: "Optimization", using: ["LinearAlgebra"]),
    tests(of: "Models", using: ["LinearAlgebra", "Datasets"]),
    tests(of: "Annotation", using: ["LinearAlgebra", "Datasets"]),
    tests(of: "Evaluation", using: ["LinearAlgebra", "Probability", "Datasets"]),
    tests(of: "Estimation", using: belowEstimation),
    tests(of: "Inference", using: belowEstimation + ["Estimation"]),
    tests(of: "Calibration", using: belowEstimation + ["Estimation", "Inference"]),
    tests(
      of: "Fitting", using: belowFitting + ["Tables", "ModelStore", "Diagnostics", "Reporting"]),
    tests(
      of: "Tables",
      using: ["LinearAlgebra", "Probability", "Datasets", "Diagnostics"]),
    tests(
      of: "ModelStore", using: fitting + ["Tables", "Diagnostics", "Reporting"], leaving: ["Golden"]
    ),
    tests(of: "Export", using: fitting + ["Tables", "ModelStore", "Diagnostics"]),
    tests(of: "Reporting", using: fitting + beside + ["ModelStore", "Diagnostics"]),
    .testTarget(
      name: "CommandTests", dependencies: ["SurprisalCommand", "Surprisal", "TestSupport"],
      path: "Tests/CommandTests",
      exclude: ["Golden/Cases", "Golden/Inputs", "Golden/Recorded"]),
  ],
  swiftLanguageModes: [.v6]
)

// These tests start the built tool. To optimise the tests themselves takes minutes and makes nothing
// faster: .ci/run builds the optimised tests without them.
if Context.environment["SURPRISAL_OMIT_COMMAND_TESTS"] != nil {
  package.targets.removeAll { $0.name == "CommandTests" }
}
