package dev.razor.eval;

import java.util.List;

/// A model as the benchmarks see it: something that scores continuations.
public interface LogLikelihoods {

    /// One result a request, in the order of the requests. How they are batched must not show in the results.
    List<LogLikelihood> score(List<TokenizedRequest> requests);
}
