// The library for C and for every language that calls C.
//
//     cc program.c -I include -L . -lsurprisal
//
// Rules for all functions:
//
// - A function that can fail returns a status and takes the address of an error, which may be NULL.
//   The error is set to NULL on success; otherwise the caller owns it and frees it with
//   surprisal_error_free.
// - Arguments are not retained: arrays and texts may be freed after the function has returned.
// - Texts are UTF-8 with a final zero. The caller owns texts returned as `char *` and frees them with
//   surprisal_free; texts returned as `const char *` belong to the handle.
// - Rows and columns count from 0.
// - Sizes and pointers are checked as far as possible: NULL, negative sizes and invalid values in
//   arrays are errors and do not stop the process. An array that is shorter than its stated size
//   cannot be detected.
// - Functions may be called from several threads at once. A model may be used by several threads at
//   once; it must not be freed while it is in use.
//
// These declarations do not change within a major version; members are only added at the end of
// structures whose first member is their size.

#ifndef SURPRISAL_H
#define SURPRISAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A fitted model.
typedef struct surprisal_model surprisal_model;

// Why a function failed.
typedef struct surprisal_error surprisal_error;

// The status that functions return.
enum {
  SURPRISAL_OK = 0,
  SURPRISAL_FAILED = 1,   // see the error
  SURPRISAL_STOPPED = 2,  // the caller stopped the fit
};

// The types of numbers.
enum {
  SURPRISAL_FLOAT64 = 0,
  SURPRISAL_FLOAT32 = 1,
  SURPRISAL_INT64 = 2,
  SURPRISAL_INT32 = 3,
  SURPRISAL_UINT8 = 4,
};

// A matrix: the entry of row i and column j is values[i * row_stride + j * column_stride].
// The strides count entries, not bytes, and may be negative.
typedef struct surprisal_matrix {
  const void *values;
  int32_t type;  // SURPRISAL_FLOAT64 ...
  int64_t rows;
  int64_t columns;
  int64_t row_stride;
  int64_t column_stride;
} surprisal_matrix;

// A matrix of compressed rows (CSR): row i has the entries starts[i] to starts[i + 1] - 1, their
// columns ascending.
typedef struct surprisal_sparse {
  const void *values;
  int32_t type;        // SURPRISAL_FLOAT64 or SURPRISAL_FLOAT32
  const void *starts;  // rows + 1 of them
  const void *indices;
  int32_t index_type;  // SURPRISAL_INT32 or SURPRISAL_INT64, of starts and indices
  int64_t rows;
  int64_t columns;
} surprisal_sparse;

// A column of a table: numbers, or text given by levels.
typedef struct surprisal_column {
  const char *name;
  const void *values;  // numbers, NaN for a missing cell; for text level indices, -1 if missing
  int32_t type;        // SURPRISAL_FLOAT64 ...; SURPRISAL_INT32 for text
  int64_t stride;
  const char *const *levels;  // NULL for numbers
  int64_t level_count;
} surprisal_column;

// Features: exactly one of matrix, sparse and table is not NULL.
typedef struct surprisal_features {
  size_t size;  // sizeof(surprisal_features)
  const surprisal_matrix *matrix;
  const surprisal_sparse *sparse;
  const surprisal_column *table;
  int64_t rows;               // of the table
  int64_t columns;            // of the table
  const char *const *names;   // of the columns of a matrix; NULL for f1, f2 ...
  const char *missing;        // missing cells of a table: NULL or "error", "mean", "indicator"
} surprisal_features;

// The kinds of labels.
enum {
  SURPRISAL_CLASSES = 0,        // one column: the index of the class among the names
  SURPRISAL_PROBABILITIES = 1,  // one column per class, rows that sum to 1
  SURPRISAL_COUNTS = 2,         // one column per class, whole numbers
  SURPRISAL_CANDIDATES = 3,     // one column per class, 1 for candidates, else 0
  SURPRISAL_EVIDENCE = 4,       // one column per class: the likelihood of what was observed
};

// Votes of annotators on items, one entry of each column per vote.
typedef struct surprisal_votes {
  size_t size;                     // sizeof(surprisal_votes)
  const surprisal_matrix *items;   // indices of item_names
  const surprisal_matrix *annotators;
  const surprisal_matrix *labels;  // indices of class_names
  const surprisal_matrix *weights;  // NULL for 1 each
  const char *const *item_names;  // NULL for 0, 1, ...
  int64_t item_count;
  const char *const *annotator_names;
  int64_t annotator_count;
  const char *const *class_names;
  int64_t class_count;
  uint64_t seed;     // of further starts of surprisal_aggregate
  int32_t restarts;  // their number; negative to choose by the size of the data
} surprisal_votes;

// Labels, weights and offsets of the rows.
typedef struct surprisal_data {
  size_t size;  // sizeof(surprisal_data)
  int32_t label_kind;
  const surprisal_matrix *labels;
  const char *const *class_names;  // NULL for 0, 1, ...
  int64_t class_count;             // of class_names; 0 if that is NULL
  const surprisal_matrix *weights;  // one column; NULL for 1 each
  int32_t weights_are_frequencies;
  const surprisal_matrix *offsets;   // one column per class, added to the logits; or NULL
  const surprisal_matrix *clusters;  // one column of cluster numbers; or NULL
  const char *cluster_name;          // as in "standard_errors": "cluster:NAME"
  const surprisal_votes *votes;      // in the place of labels, in surprisal_fit; or NULL
} surprisal_data;

// The progress of a fit.
typedef struct surprisal_progress {
  int64_t step;          // steps of the solver, passes of a network
  int64_t most_steps;
  double objective;      // for a network: the mean loss of the pass
  double gradient_norm;  // NaN for a network
  int64_t member;        // for an ensemble of networks
} surprisal_progress;

// Settings of a run, which do not change its result.
typedef struct surprisal_run {
  size_t size;           // sizeof(surprisal_run)
  int32_t threads;       // 0 for one per processor
  int64_t memory_limit;  // in bytes; 0 for 80 % of the memory
  int32_t (*progress)(void *context, const surprisal_progress *progress);  // nonzero stops the fit
  void *context;
  const volatile int32_t *stop;  // stops the fit once it is nonzero
} surprisal_run;

// The version of the library, such as "0.1.0".
const char *surprisal_version(void);

// The code word of an error, such as "label.sum": stable between releases.
const char *surprisal_error_code(const surprisal_error *error);
// What is wrong and where, in one sentence.
const char *surprisal_error_message(const surprisal_error *error);
// The suggested remedy, or further facts; "" if there are none.
const char *surprisal_error_suggestion(const surprisal_error *error);
// Frees an error; NULL is allowed.
void surprisal_error_free(surprisal_error *error);
// Frees a text or bytes that a function returned; NULL is allowed.
void surprisal_free(void *memory);
// Frees a model; NULL is allowed.
void surprisal_model_free(surprisal_model *model);

// Fits a model. `specification` is the JSON object that `surprisal fit --config` reads, "{}" for all
// defaults; `run` may be NULL. With votes, whose items are the rows in their order, coefficients and a
// confusion matrix for each annotator are fitted together; labels and class names of the data are NULL,
// and rows without votes are left out.
int32_t surprisal_fit(const char *specification, const surprisal_features *features,
                      const surprisal_data *data, const surprisal_run *run,
                      surprisal_model **model, surprisal_error **error);

// The form of predictions.
enum {
  SURPRISAL_PREDICT_PROBABILITIES = 0,
  SURPRISAL_PREDICT_LOG_PROBABILITIES = 1,
  SURPRISAL_PREDICT_LOGITS = 2,
};

// Predicts: rows x classes numbers, row by row. `capacity` is the number of values that fit
// in `result`. A matrix without names must have the model's columns in its order. `offsets` may be NULL.
int32_t surprisal_predict(const surprisal_model *model, int32_t form,
                          const surprisal_features *features, const surprisal_matrix *offsets,
                          int32_t threads, double *result, int64_t capacity,
                          surprisal_error **error);

// Takes votes on new rows into account: `probabilities` are the predictions of a model that was
// fitted to votes, rows x classes numbers, row by row, and become those given the votes too. The items of
// the votes are the rows. Votes of annotators that the model does not know have no effect, nor have
// those on rows whose votes the model gives the probability zero whatever the class is;
// `impossible` receives the number of such rows and may be NULL.
int32_t surprisal_add_votes(const surprisal_model *model, const surprisal_votes *votes,
                            double *probabilities, int64_t rows, int64_t classes,
                            int64_t *impossible, surprisal_error **error);

// Writes a model to a file that `surprisal predict` reads.
int32_t surprisal_save(const surprisal_model *model, const char *path, surprisal_error **error);
// Reads a model from a file.
int32_t surprisal_load(const char *path, surprisal_model **model, surprisal_error **error);
// The bytes of a model's file.
int32_t surprisal_to_bytes(const surprisal_model *model, uint8_t **bytes, int64_t *count,
                           surprisal_error **error);
// The model of such bytes.
int32_t surprisal_from_bytes(const uint8_t *bytes, int64_t count, surprisal_model **model,
                             surprisal_error **error);

// The model in another format, as the bytes of a file: "onnx", "safetensors", "csv", "c" or "swift".
// `name` is the name of the functions in source code; NULL for "model". `single` is nonzero for ONNX in
// single precision.
int32_t surprisal_export(const surprisal_model *model, const char *format, const char *name,
                         int32_t single, uint8_t **bytes, int64_t *count, surprisal_error **error);

// The texts of a model.
enum {
  SURPRISAL_SUMMARY = 0,       // as `surprisal summary` prints it
  SURPRISAL_FULL_SUMMARY = 1,  // with every coefficient
  SURPRISAL_JSON = 2,          // as `surprisal summary --json` prints it
  SURPRISAL_TIDY = 3,          // CSV: one line per coefficient
  SURPRISAL_GLANCE = 4,        // CSV: one line of statistics
  SURPRISAL_INPUTS = 5,        // JSON: the columns that predictions need, and the classes
  SURPRISAL_PAGE = 6,          // an HTML page with the summary and the figures of the fit
};

// One of these texts; NULL only if there is no such text. `data_name` is the name of the data in a
// summary; it may be NULL.
char *surprisal_text(const surprisal_model *model, int32_t which, const char *data_name);

// The arrays of a model; rows x columns numbers, row by row.
enum {
  SURPRISAL_COEFFICIENTS = 0,  // of the logits: classes x (features + 1), the intercept last
  SURPRISAL_COVARIANCE = 1,    // of the coefficients in the order of the tidy table, those that
                               // have a standard error
};

// The shape of an array and, if `result` is not NULL, its numbers. It has no rows if the model
// lacks it, such as the coefficients of a network.
int32_t surprisal_array(const surprisal_model *model, int32_t which, double *result,
                        int64_t capacity, int64_t *rows, int64_t *columns,
                        surprisal_error **error);

// Compares probabilities with labels: the JSON object of `surprisal evaluate --json`. The classes
// are those of `data`, which has no offsets.
int32_t surprisal_evaluate(const surprisal_matrix *probabilities, const surprisal_data *data,
                           int32_t threads, char **json, surprisal_error **error);

// The same as text.
int32_t surprisal_evaluation_text(const surprisal_matrix *probabilities,
                                  const surprisal_data *data, int32_t threads, char **text,
                                  surprisal_error **error);

// Compares `count` predictions of the same rows with each other and with the null model: the JSON
// object of `surprisal compare --json` and its text, each of which may be NULL. `predictions` and
// `names` have `count` entries.
int32_t surprisal_compare(const surprisal_matrix *predictions, const char *const *names,
                          int64_t count, const surprisal_data *data, int32_t threads, char **json,
                          char **text, surprisal_error **error);

// The log-likelihood of the labels given these probabilities under every interpretation: the JSON
// object of `surprisal explain --json` and its text, each of which may be NULL.
int32_t surprisal_explain(const surprisal_matrix *probabilities, const surprisal_data *data,
                          char **json, char **text, surprisal_error **error);

// The page of `surprisal report` for these probabilities. `model` is the model that computed them; it
// and `title` may be NULL.
int32_t surprisal_report(const surprisal_model *model, const surprisal_matrix *probabilities,
                         const surprisal_data *data, const char *title, int32_t threads,
                         char **html, surprisal_error **error);

// What the data contain and whether they can be fitted, without a fit: the JSON object of
// `surprisal check --json` and its text, each of which may be NULL. `likelihood` is a name, or NULL
// for that of the kind of labels. Labels that cannot be fitted are the member "error".
int32_t surprisal_check(const surprisal_features *features, const surprisal_data *data,
                        const char *likelihood, int32_t threads, char **json, char **text,
                        surprisal_error **error);

// Makes labels of votes by "dawid-skene", "one-coin", "pooled", "hierarchical", "glad", "majority",
// "shares" or "counts": the JSON object of `surprisal aggregate --json` and its text, each of which may be NULL.
int32_t surprisal_aggregate(const surprisal_votes *votes, const char *method, int32_t threads,
                            char **json, char **text, surprisal_error **error);

// How rows are held out; 0 and NULL are the defaults.
typedef struct surprisal_folds {
  size_t size;              // sizeof(surprisal_folds)
  int32_t folds;            // 10
  int32_t repeats;          // 1
  int32_t nested;           // nonzero: the strength is chosen within each fold too
  int32_t one_standard_error;  // nonzero: the strongest prior within a standard error is chosen
  const double *strengths;  // of the Gaussian prior; NULL for 15 from 1e-6 to 10
  int64_t strength_count;
} surprisal_folds;

// Cross-validates softmax regressions for several strengths of the prior: the JSON object of
// `surprisal cv --json` and its text, each of which may be NULL. Rows of a cluster of `data` are held
// out together. The progress counts fits.
int32_t surprisal_cross_validate(const char *specification, const surprisal_features *features,
                                 const surprisal_data *data, const surprisal_folds *folds,
                                 const surprisal_run *run, char **json, char **text,
                                 surprisal_error **error);

// Fits a calibration to data that the model was not trained on, by "temperature", "vector",
// "matrix", "dirichlet" or "isotonic": a model with the calibration, and the JSON object of
// `surprisal calibrate --json`. A negative `l2` means no prior; `json` may be NULL.
int32_t surprisal_calibrate(const surprisal_model *model, const char *method, double l2,
                            const surprisal_features *features, const surprisal_data *data,
                            const surprisal_run *run, surprisal_model **calibrated, char **json,
                            surprisal_error **error);

#ifdef __cplusplus
}
#endif

#endif
