/// Surprisal: multi-class probabilistic classifiers by maximum likelihood, with soft labels.
///
/// This module re-exports the modules of the library; its only own code are presets.
@_exported import SurprisalAnnotation
@_exported import SurprisalCalibration
@_exported import SurprisalDatasets
@_exported import SurprisalDiagnostics
@_exported import SurprisalEstimation
@_exported import SurprisalEvaluation
@_exported import SurprisalExport
@_exported import SurprisalFitting
@_exported import SurprisalInference
@_exported import SurprisalLinearAlgebra
@_exported import SurprisalModelStore
@_exported import SurprisalModels
@_exported import SurprisalOptimization
@_exported import SurprisalProbability
@_exported import SurprisalReporting
@_exported import SurprisalTables
