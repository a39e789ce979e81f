// Fits, predicts, saves, loads and fails from C. It leaves with the line of the first expectation that
// does not hold.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "surprisal.h"

#define EXPECT(condition) \
  if (!(condition)) {     \
    printf("line %d: %s\n", __LINE__, #condition); \
    return 1;             \
  }

static int32_t stop_at_once(void *context, const surprisal_progress *progress) {
  *(int64_t *)context = progress->step;
  return 1;
}

int main(int count, char **arguments) {
  EXPECT(count == 2);
  const double x[] = {0.1, 2, 0.4, 1, 0.9, 1, 1.3, 0, 1.1, 2, 0.2, 0};
  const double p[] = {0.9, 0.1, 0.7, 0.3, 0.4, 0.6, 0, 1, 0.2, 0.8, 1, 0};
  const char *classes[] = {"no", "yes"};
  surprisal_matrix rows = {x, SURPRISAL_FLOAT64, 6, 2, 2, 1};
  surprisal_matrix labels = {p, SURPRISAL_FLOAT64, 6, 2, 2, 1};
  surprisal_features features = {.size = sizeof features, .matrix = &rows};
  surprisal_data data = {.size = sizeof data, .label_kind = SURPRISAL_PROBABILITIES,
                         .labels = &labels, .class_names = classes, .class_count = 2};
  const char *specification = "{\"prior\": {\"l2\": 0.01}}";
  surprisal_model *model = NULL, *loaded = NULL, *none = NULL;
  surprisal_error *error = NULL;
  EXPECT(surprisal_fit(specification, &features, &data, NULL, &model, &error) == SURPRISAL_OK);

  // At the optimum the mean residual of an intercept without a prior is zero.
  double q[12], again[12], sum = 0;
  EXPECT(surprisal_predict(model, SURPRISAL_PREDICT_PROBABILITIES, &features, NULL, 1, q, 12,
                           &error) == SURPRISAL_OK);
  for (int row = 0; row < 6; row++) sum += q[2 * row] - p[2 * row];
  EXPECT(fabs(sum) < 1e-7);

  // Column-major floats are the same rows.
  float columns[12];
  for (int i = 0; i < 12; i++) columns[(i % 2) * 6 + i / 2] = (float)x[i];
  surprisal_matrix turned = {columns, SURPRISAL_FLOAT32, 6, 2, 1, 6};
  features.matrix = &turned;
  EXPECT(surprisal_predict(model, SURPRISAL_PREDICT_PROBABILITIES, &features, NULL, 2, again, 12,
                           &error) == SURPRISAL_OK);
  for (int i = 0; i < 12; i++) EXPECT(fabs(q[i] - again[i]) < 1e-6);
  // So are compressed rows.
  const int32_t starts[] = {0, 2, 4, 6, 7, 9, 10}, places[] = {0, 1, 0, 1, 0, 1, 0, 0, 1, 0};
  const double stored[] = {0.1, 2, 0.4, 1, 0.9, 1, 1.3, 1.1, 2, 0.2};
  surprisal_sparse sparse = {stored, SURPRISAL_FLOAT64, starts, places, SURPRISAL_INT32, 6, 2};
  features.matrix = NULL;
  features.sparse = &sparse;
  EXPECT(surprisal_predict(model, SURPRISAL_PREDICT_PROBABILITIES, &features, NULL, 1, again, 12,
                           &error) == SURPRISAL_OK);
  for (int i = 0; i < 12; i++) EXPECT(fabs(q[i] - again[i]) < 1e-12);
  features.sparse = NULL;
  features.matrix = &rows;

  EXPECT(surprisal_save(model, arguments[1], &error) == SURPRISAL_OK);
  EXPECT(surprisal_load(arguments[1], &loaded, &error) == SURPRISAL_OK);
  EXPECT(surprisal_predict(loaded, SURPRISAL_PREDICT_PROBABILITIES, &features, NULL, 1, again, 12,
                           &error) == SURPRISAL_OK);
  EXPECT(memcmp(q, again, sizeof q) == 0);

  // What cannot be is an error with a code word, and nothing stops the process.
  EXPECT(surprisal_fit("{\"prio\": 1}", &features, &data, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "specification.json") == 0 && none == NULL);
  surprisal_error_free(error);
  EXPECT(surprisal_fit(NULL, &features, &data, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "call.argument") == 0);
  surprisal_error_free(error);
  EXPECT(surprisal_predict(model, 0, &features, NULL, 1, again, 11, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  surprisal_matrix huge = {x, SURPRISAL_FLOAT64, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
  features.matrix = &huge;
  EXPECT(surprisal_fit("{}", &features, &data, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "limit.memory") == 0);
  surprisal_error_free(error);
  double broken[12];
  memcpy(broken, x, sizeof x);
  broken[5] = NAN;
  surprisal_matrix holes = {broken, SURPRISAL_FLOAT64, 6, 2, 2, 1};
  features.matrix = &holes;
  EXPECT(surprisal_fit("{}", &features, &data, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "missing.cells") == 0);
  surprisal_error_free(error);
  EXPECT(surprisal_save(NULL, arguments[1], NULL) == SURPRISAL_FAILED);
  EXPECT(surprisal_text(NULL, SURPRISAL_SUMMARY, NULL) == NULL);

  int64_t seen = -1;
  surprisal_run run = {.size = sizeof run, .progress = stop_at_once, .context = &seen};
  features.matrix = &rows;
  EXPECT(surprisal_fit("{}", &features, &data, &run, &none, &error) == SURPRISAL_STOPPED);
  EXPECT(seen >= 0 && none == NULL);
  surprisal_error_free(error);

  uint8_t *exported = NULL;
  int64_t size = 0;
  EXPECT(surprisal_export(model, "onnx", NULL, 1, &exported, &size, &error) == SURPRISAL_OK);
  EXPECT(size > 100 && exported[0] == 8);
  surprisal_free(exported);
  EXPECT(surprisal_export(model, "pdf", NULL, 0, &exported, &size, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  char *found = NULL;
  const double strengths[] = {0.1, 0.01};
  surprisal_folds folds = {.size = sizeof folds, .folds = 2, .strengths = strengths,
                           .strength_count = 2};
  EXPECT(surprisal_cross_validate("{}", &features, &data, &folds, NULL, &found, NULL, &error) ==
         SURPRISAL_OK);
  EXPECT(strstr(found, "\"path\"") != NULL);
  surprisal_free(found);
  surprisal_matrix predictions[] = {{q, SURPRISAL_FLOAT64, 6, 2, 2, 1}};
  const char *names[] = {"q"};
  EXPECT(surprisal_compare(predictions, names, 1, &data, 1, &found, NULL, &error) == SURPRISAL_OK);
  surprisal_free(found);
  EXPECT(surprisal_explain(predictions, &data, NULL, &found, &error) == SURPRISAL_OK);
  surprisal_free(found);
  EXPECT(surprisal_report(model, predictions, &data, NULL, 1, &found, &error) == SURPRISAL_OK);
  surprisal_free(found);
  EXPECT(surprisal_compare(predictions, NULL, 1, &data, 1, &found, NULL, &error) ==
         SURPRISAL_FAILED);
  surprisal_error_free(error);

  // Labels that cannot be fitted are a finding of the check and not an error of the call.
  EXPECT(surprisal_check(&features, &data, NULL, 1, NULL, &found, &error) == SURPRISAL_OK);
  EXPECT(strstr(found, "fit to be fitted") != NULL);
  surprisal_free(found);
  const double twice[] = {2, 0, 0, 2, 1, 1, 0, 2, 1, 1, 2, 0};
  labels.values = twice;
  EXPECT(surprisal_check(&features, &data, NULL, 1, &found, NULL, &error) == SURPRISAL_OK);
  EXPECT(strstr(found, "label.sum") != NULL);
  surprisal_free(found);
  labels.values = p;
  EXPECT(surprisal_check(&features, &data, "none", 1, &found, NULL, &error) == SURPRISAL_OK);
  EXPECT(strstr(found, "specification.value") != NULL);
  surprisal_free(found);

  // Three annotators who agree on two of three items.
  const int32_t items[] = {0, 0, 0, 1, 1, 1, 2, 2, 2}, people[] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
  int32_t votes[] = {0, 0, 0, 1, 1, 1, 0, 1, 1};
  const char *three[] = {"a", "b", "c"};
  surprisal_matrix cells[] = {{items, SURPRISAL_INT32, 9, 1, 1, 1},
                              {people, SURPRISAL_INT32, 9, 1, 1, 1},
                              {votes, SURPRISAL_INT32, 9, 1, 1, 1}};
  surprisal_votes cast = {.size = sizeof cast, .items = cells, .annotators = cells + 1,
                          .labels = cells + 2, .item_names = three, .item_count = 3,
                          .annotator_names = three, .annotator_count = 3, .class_names = classes,
                          .class_count = 2, .restarts = -1};
  EXPECT(surprisal_aggregate(&cast, "shares", 1, NULL, &found, &error) == SURPRISAL_OK);
  EXPECT(strstr(found, "9 votes of 3 annotators on 3 items") != NULL);
  surprisal_free(found);
  EXPECT(surprisal_aggregate(&cast, "vote", 1, NULL, &found, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  // A joint fit: the items of the votes are the rows, of which the last two have none.
  const int32_t on[] = {0, 0, 1, 1, 2, 2, 3, 3}, by[] = {0, 1, 0, 1, 0, 1, 0, 1};
  const int32_t voted[] = {0, 0, 1, 0, 1, 1, 1, 1};
  surprisal_matrix joint[] = {{on, SURPRISAL_INT32, 8, 1, 1, 1},
                              {by, SURPRISAL_INT32, 8, 1, 1, 1},
                              {voted, SURPRISAL_INT32, 8, 1, 1, 1}};
  surprisal_votes on_rows = {.size = sizeof on_rows, .items = joint, .annotators = joint + 1,
                             .labels = joint + 2, .item_count = 6, .annotator_names = three,
                             .annotator_count = 2, .class_names = classes, .class_count = 2};
  surprisal_data by_votes = {.size = sizeof by_votes, .votes = &on_rows};
  const char *prior = "{\"prior\": {\"l2\": 0.1}, \"pseudo_counts\": [1, 1]}";
  surprisal_model *joined = NULL;
  EXPECT(surprisal_fit(prior, &features, &by_votes, NULL, &joined, &error) == SURPRISAL_OK);
  found = surprisal_text(joined, SURPRISAL_JSON, NULL);
  EXPECT(strstr(found, "\"annotators\"") != NULL && strstr(found, "\"rows\": 4") != NULL);
  surprisal_free(found);
  double given[12];
  int64_t impossible = -1;
  EXPECT(surprisal_predict(joined, SURPRISAL_PREDICT_PROBABILITIES, &features, NULL, 1, given, 12,
                           &error) == SURPRISAL_OK);
  memcpy(again, given, sizeof given);
  EXPECT(surprisal_add_votes(joined, &on_rows, given, 6, 2, &impossible, &error) == SURPRISAL_OK);
  EXPECT(impossible == 0 && given[0] > again[0] && given[7] > again[7]);
  for (int row = 0; row < 6; row++) EXPECT(fabs(given[2 * row] + given[2 * row + 1] - 1) < 1e-12);
  EXPECT(memcmp(given + 8, again + 8, 4 * sizeof *given) == 0);
  EXPECT(surprisal_add_votes(joined, &on_rows, given, 5, 2, NULL, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  EXPECT(surprisal_add_votes(model, &on_rows, given, 6, 2, NULL, &error) == SURPRISAL_FAILED);
  EXPECT(strstr(surprisal_error_message(error), "knows no annotators") != NULL);
  surprisal_error_free(error);
  surprisal_model_free(joined);
  EXPECT(surprisal_fit(prior, &features, &data, NULL, &none, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  // What lies behind the structure of a caller who knows no votes is not read.
  by_votes.size = offsetof(surprisal_data, votes);
  EXPECT(surprisal_fit("{}", &features, &by_votes, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strstr(surprisal_error_message(error), "labels are NULL") != NULL);
  surprisal_error_free(error);
  by_votes.size = sizeof by_votes;
  by_votes.labels = &labels;
  EXPECT(surprisal_fit(prior, &features, &by_votes, NULL, &none, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);
  by_votes.labels = NULL;
  on_rows.item_count = 7;
  EXPECT(surprisal_fit(prior, &features, &by_votes, NULL, &none, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "rows.mismatch") == 0);
  surprisal_error_free(error);
  EXPECT(surprisal_check(&features, &by_votes, NULL, 1, &found, NULL, &error) == SURPRISAL_FAILED);
  surprisal_error_free(error);

  votes[4] = 2;
  EXPECT(surprisal_aggregate(&cast, NULL, 1, NULL, &found, &error) == SURPRISAL_FAILED);
  EXPECT(strcmp(surprisal_error_code(error), "call.argument") == 0);
  surprisal_error_free(error);

  char *summary = surprisal_text(model, SURPRISAL_SUMMARY, "x.csv");
  EXPECT(strstr(summary, "log odds against class no") != NULL);
  surprisal_free(summary);
  surprisal_model_free(model);
  surprisal_model_free(loaded);
  return 0;
}
