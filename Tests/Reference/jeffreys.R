# Writes jeffreys.json: softmax regressions under Jeffreys' prior (Firth's method), by brglm2.
#
#   Rscript Tests/Reference/jeffreys.R > Tests/Reference/jeffreys.json
#
# Needs the R package brglm2 (0.9; Debian r-cran-brglm2). Estimates are contrasts with the first class,
# class by class, intercept first; standard errors are roots of the diagonal of the inverse information.
suppressPackageStartupMessages(library(brglm2))

numbers <- function(x) paste0("[", paste(format(as.numeric(x), digits = 17), collapse = ", "), "]")
rows <- function(x) paste0("[", paste(apply(x, 1, numbers), collapse = ", "), "]")

case <- function(name, x, votes) {
  d <- do.call(rbind, lapply(seq_len(nrow(votes)), function(i) {
    data.frame(x[rep(i, ncol(votes)), , drop = FALSE], class = factor(seq_len(ncol(votes))),
               n = votes[i, ], row.names = NULL)
  }))
  control <- list(epsilon = 1e-13, maxit = 5000)
  if (ncol(votes) == 2) {
    frame <- data.frame(x)
    fit <- suppressWarnings(glm(
      cbind(votes[, 2], votes[, 1]) ~ ., data = frame, family = binomial,
      method = "brglmFit", type = "MPL_Jeffreys", control = control))
    estimates <- coef(fit)
  } else {
    d <- d[d$n > 0, ]
    fit <- suppressWarnings(brmultinom(
      class ~ . - n, data = d, weights = n, type = "MPL_Jeffreys", control = control))
    estimates <- as.vector(t(coef(fit)))
  }
  errors <- sqrt(diag(vcov(fit)))
  cat("{\"name\": \"", name, "\", \"features\": ", rows(as.matrix(x)), ", \"votes\": ", rows(votes),
      ", \"estimates\": ", numbers(estimates), ", \"standard_errors\": ", numbers(errors), "}",
      sep = "")
}

hard <- function(k, count) diag(count)[k, ]
x <- c(1, 2, 2.5, 3, 4, 5, 6.5, 7, 8, 10)
z <- c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3)
cat("[\n")
case("two classes, separated", data.frame(x), hard(c(1, 1, 1, 1, 1, 2, 2, 2, 2, 2), 2))
cat(",\n")
case("two classes, overlap", data.frame(x, z), hard(c(1, 2, 1, 1, 2, 1, 2, 2, 1, 2), 2))
cat(",\n")
case("three classes, separated", data.frame(x, z), hard(c(1, 1, 1, 2, 2, 2, 2, 3, 3, 3), 3))
cat(",\n")
case("three classes, quasi", data.frame(x), hard(c(1, 1, 1, 2, 1, 2, 2, 3, 3, 3), 3))
cat(",\n")
case("votes", data.frame(x = x[1:5], z = z[1:5]),
     rbind(c(4, 0, 1, 0), c(2, 1, 0, 0), c(0, 3, 1, 1), c(1, 0, 2, 6), c(0, 1, 0, 3)))
cat("\n]\n")
