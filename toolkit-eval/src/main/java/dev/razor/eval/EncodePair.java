package dev.razor.eval;

import dev.razor.core.base.Check;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Function;

/// Turns a context and its continuation into token ids, by the rules of lm-evaluation-harness.
///
/// ```
/// n            = number of white space characters at the end of context
/// continuation = context[-n:] + continuation;  context = context[:-n]
/// whole        = encode(context + continuation)
/// contextIds   = encode(context)
/// continuationIds = whole[len(contextIds):]
/// ```
///
/// A token that spans the join therefore costs the continuation a token: the ids are those of the whole text only
/// up to that place. This is the harness's behaviour and is kept on purpose.
///
/// An empty context becomes the prefix token. So does a context of white space alone, on which the harness itself
/// stops with a failed assertion; its white space stays with the continuation.
///
/// A pair longer than the model can read loses tokens on the left. What remains is
/// `(contextIds + continuationIds)[-(maxLength + 1):]`, the last token of which is only predicted, never read.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/api/model.py">
///     `_encode_pair` and `loglikelihood`</a>
public final class EncodePair {

    private final Function<String, int[]> encode;
    private final int prefixToken;
    private final int maxLength;

    /// @param encode a tokenizer that adds no special tokens of its own
    /// @param prefixToken the context of a text that has none, see [#prefixToken]
    /// @param maxLength how many tokens the model can read
    public EncodePair(Function<String, int[]> encode, int prefixToken, int maxLength) {
        Check.that(maxLength >= 1, "maxLength must be positive, got %s", maxLength);
        this.encode = encode;
        this.prefixToken = prefixToken;
        this.maxLength = maxLength;
    }

    /// The pairs of a model's own tokenizer, which opens a text with the bos token where the harness's would.
    ///
    /// @param maxLength how many tokens the model can read
    public static EncodePair of(Tokenizer tokenizer, int maxLength) {
        return new EncodePair(
                text -> PromptIds.ofText(text, tokenizer),
                prefixToken(tokenizer.bosTokenId(), tokenizer.eosTokenId()),
                maxLength);
    }

    /// A pair of token sequences that the model can read.
    ///
    /// @param droppedTokens how many tokens were cut off on the left, zero for almost every pair
    public record Encoded(TokenizedRequest request, int droppedTokens) {}

    /// The token that stands for an empty context: the tokenizer's bos, or its eos where it has no bos. (The
    /// bos of `config.json` does not count; Qwen2.5 has one there and none in the tokenizer.)
    public static int prefixToken(OptionalInt bos, OptionalInt eos) {
        if (bos.isPresent()) {
            return bos.getAsInt();
        }
        return eos.orElseThrow(
                () -> new CheckpointException(
                        "tokenizer_config.json: bos_token and eos_token are missing, got neither; add the one that texts begin after"));
    }

    /// The token ids of a pair.
    ///
    /// @param where names the pair in the message of an exception
    /// @throws DataException if no token is left to score, or more than the model can read
    public Encoded encode(String where, String context, String continuation) {
        String stripped = PythonStrings.rstrip(context);
        String moved = context.substring(stripped.length()) + continuation;
        return stripped.isEmpty() ? withoutContext(where, moved) : afterContext(where, stripped, moved);
    }

    private Encoded withoutContext(String where, String continuation) {
        int[] ids = encode.apply(continuation);
        // A continuation that begins with the prefix token already brings its own.
        return ids.length > 0 && ids[0] == prefixToken
                ? fitted(where, ids, 1, "", continuation)
                : fitted(where, joined(prefixToken, ids), 1, "", continuation);
    }

    private Encoded afterContext(String where, String context, String continuation) {
        int[] contextIds = encode.apply(context);
        int[] whole = encode.apply(context + continuation);
        int length = Math.min(contextIds.length, whole.length);
        // Up to the join the ids may differ from those of the whole text; the model reads the context's own.
        int[] ids = Arrays.copyOf(contextIds, contextIds.length + whole.length - length);
        System.arraycopy(whole, length, ids, contextIds.length, whole.length - length);
        return fitted(where, ids, contextIds.length, context, continuation);
    }

    private Encoded fitted(String where, int[] ids, int contextLength, String context, String continuation) {
        int scored = ids.length - contextLength;
        if (scored == 0 && context.isEmpty()) {
            throw new DataException(
                    "%s: no token is left to score, the model reads the first one, got the text %s; put something before it"
                            .formatted(where, quoted(continuation)));
        }
        if (scored == 0) {
            throw new DataException(("%s: no token is left to score, the tokenizer merges the continuation into the"
                            + " context, got context ending %s and continuation %s; end the context at a word boundary")
                    .formatted(where, quoted(tail(context)), quoted(continuation)));
        }
        if (scored > maxLength) {
            throw new DataException("%s: the continuation has %d tokens, the model reads at most %d; shorten it"
                    .formatted(where, scored, maxLength));
        }
        int dropped = Math.max(0, ids.length - (maxLength + 1));
        return new Encoded(
                new TokenizedRequest(
                        Arrays.copyOfRange(ids, dropped, contextLength),
                        Arrays.copyOfRange(ids, contextLength, ids.length)),
                dropped);
    }

    private static int[] joined(int first, int[] rest) {
        int[] ids = new int[rest.length + 1];
        ids[0] = first;
        System.arraycopy(rest, 0, ids, 1, rest.length);
        return ids;
    }

    private static String tail(String context) {
        return context.substring(Math.max(0, context.length() - 20));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\n", "\\n") + '"';
    }
}
