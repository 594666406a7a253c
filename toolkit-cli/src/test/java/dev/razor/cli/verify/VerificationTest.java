package dev.razor.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.cli.verify.CheckResult.Status;
import dev.razor.core.base.DataException;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Directories of the same form with other content: what is read from the directory must follow it.
final class VerificationTest {

    private static final int ONE_FILE = Integer.MAX_VALUE;

    @TempDir
    private Path root;

    private static void assertAllOk(List<CheckResult> results) {
        assertThat(results)
                .isNotEmpty()
                .allSatisfy(result ->
                        assertThat(result.status()).as(result.toString()).isEqualTo(Status.OK));
    }

    private static CheckResult named(List<CheckResult> results, String name) {
        return results.stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + results));
    }

    @Test
    void missingFile_isAFailedCheckThatNamesIt() {
        List<CheckResult> results =
                GoldenCopy.of(root, "tokenization.json", "greedy.json").verify("");
        for (String file :
                List.of("logits.safetensors", "sft_loss.json", "adamw.json", "grpo.json", "divergence.json")) {
            assertThat(results).as(file).anySatisfy(result -> {
                assertThat(result.status()).isEqualTo(Status.FAILED);
                assertThat(result.note()).startsWith("golden/" + file).contains("no such file");
            });
        }
        assertThat(named(results, "tokenization.ids").status()).isEqualTo(Status.OK);
    }

    /// One number a family, changed to a wrong one: the check it belongs to must fail, and say where.
    @ParameterizedTest
    @CsvSource({
        "logprobs.json, -8.767234031577962, -8.7675, logprobs.tokens",
        "greedy.json, -1.8046270675383924, -1.8, greedy.cached.logprobs",
        "sft_loss.json, 9.527599855553527, 9.5277, sft.loss",
        "adamw.json, 8.672850993051158, 8.6732, adamw.lr_starts_at_zero.loss",
        "adamw.json, 0.000965745789630079, 0.00096575, adamw.lr_starts_at_zero.schedule",
        "divergence.json, 0.15357934357954478, 0.1538, divergence.per_position.forward_kl",
        "encode_pair.json, -23.157943938356375, -23.16, encode_pair.loglikelihood",
        "multiple_choice.json, -163.44624313267974, -163.45, multiple_choice.zero_shot.hellaswag.loglikelihood",
        "multiple_choice.json, '\"gold_index\": 3', '\"gold_index\": 2', multiple_choice.zero_shot.hellaswag.argmax_and_acc",
        "tokenization.json, Hello, Hallo, tokenization.ids",
        "chat_template.json, You are Qwen, You were Qwen, chat_template.text"
    })
    void damagedNumber_failsItsCheck(String file, String right, String wrong, String check) {
        GoldenCopy copy = GoldenCopy.of(root, "prompts.json", file);
        copy.edit("golden/" + file, json -> json.replaceFirst(Pattern.quote(right), wrong));
        CheckResult result = named(copy.verify(""), check);
        assertThat(result.status()).as(result.toString()).isEqualTo(Status.FAILED);
        assertThat(result.note()).isNotEmpty();
    }

    /// The last logits of the file belong to the last token of the longest prompt.
    @Test
    void damagedTensor_failsItsCheck() throws IOException {
        GoldenCopy copy = GoldenCopy.of(root, "logits.safetensors");
        Path file = root.resolve("golden/logits.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, 100);
        Files.write(file, bytes);
        List<CheckResult> results = copy.verify("logits");
        assertThat(named(results, "logits.right_padded").note()).isEqualTo("right[3][67][783]");
        assertThat(named(results, "logits.right_padded").status()).isEqualTo(Status.FAILED);
        assertThat(named(results, "logits.unpadded").status()).isEqualTo(Status.OK);
    }

    @Test
    void damagedGrpoLoss_failsTheCheckOfItsLossType() {
        GoldenCopy copy =
                GoldenCopy.of(root, "grpo.json", "grpo_grads_grpo.safetensors", "grpo_grads_dr_grpo.safetensors");
        copy.edit("golden/grpo.json", json -> json.replaceFirst("\"loss\": 0.0249596", "\"loss\": 0.0249996"));
        List<CheckResult> results = copy.verify("grpo.");
        assertThat(named(results, "grpo.grpo.loss").note()).isEqualTo("grpo.adv_group.high_0.2.beta_0.04");
        assertThat(results).filteredOn(result -> result.status() != Status.OK).hasSize(1);
    }

    @Test
    void tolerance_isTheDirectorysOwn() {
        GoldenCopy copy = GoldenCopy.of(root, "prompts.json", "logprobs.json");
        copy.edit("tolerances.json", json -> json.replace("\"max_abs\": 0.0001", "\"max_abs\": 1e-09"));
        CheckResult result = named(copy.verify("logprobs"), "logprobs.tokens");
        assertThat(result.tolerance()).isEqualTo(1e-9);
        assertThat(result.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void shardedWeights_giveTheSameNumbers() throws IOException {
        GoldenCopy copy = GoldenCopy.of(root, "logits.safetensors", "sft_loss.json", "sft_grads.safetensors");
        copy.storeWeights(Dtype.FLOAT32, 100_000, false);
        assertThat(Files.exists(root.resolve("model-a/model.safetensors.index.json")))
                .isTrue();
        assertAllOk(copy.verify("logits"));
        assertAllOk(copy.verify("sft"));
    }

    /// The weights are rounded, so the numbers are others; computed in float32 they stay near, and all are there.
    @Test
    void weightsStoredInBfloat16_areComputedInFloat32() {
        GoldenCopy copy =
                GoldenCopy.of(root, "prompts.json", "logprobs.json", "sft_loss.json", "sft_grads.safetensors");
        copy.storeWeights(Dtype.BFLOAT16, ONE_FILE, false);
        CheckResult tokens = named(copy.verify("logprobs"), "logprobs.tokens");
        assertThat(tokens.status()).isEqualTo(Status.FAILED);
        assertThat(tokens.error()).isBetween(1e-4, 0.2);
        assertThat(copy.verify("sft"))
                .hasSize(8)
                .allSatisfy(result -> assertThat(result.error()).isNotNull());
    }

    /// An untied head with the embedding's values: equal outputs, and one gradient more.
    @Test
    void untiedHead_isReadFromTheDirectory() {
        GoldenCopy copy = GoldenCopy.of(
                root, "logits.safetensors", "prompts.json", "logprobs.json", "sft_loss.json", "sft_grads.safetensors");
        copy.storeWeights(Dtype.FLOAT32, ONE_FILE, true);
        copy.edit(
                "model-a/config.json",
                json -> json.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
        assertAllOk(copy.verify("log"));
        List<CheckResult> sft = copy.verify("sft");
        assertThat(named(sft, "sft.loss").status()).isEqualTo(Status.OK);
        assertThat(named(sft, "sft.gradients").note()).contains("lacks the parameters [lm_head.weight]");
    }

    @Test
    void renamedModels_areFoundAsAPair() {
        GoldenCopy copy = GoldenCopy.of(root, "divergence.json", "logits.safetensors");
        copy.rename("model-a", "other");
        copy.rename("model-a-perturbed", "other-perturbed");
        assertAllOk(copy.verify("divergence"));
        assertAllOk(copy.verify("logits"));
    }

    @Test
    void modelsNamedInTheFile_areTheOnesCompared() {
        GoldenCopy copy = GoldenCopy.of(root, "divergence.json");
        copy.rename("model-a", "first");
        copy.rename("model-a-perturbed", "second");
        copy.edit(
                "golden/divergence.json",
                json -> json.replace("\"pi0\": \"model-a\"", "\"pi0\": \"first\"")
                        .replace("\"pi\": \"model-a-perturbed\"", "\"pi\": \"second\""));
        assertAllOk(copy.verify("divergence"));
    }

    @Test
    void secondModelMissing_failsOnlyWhatNeedsIt() throws IOException {
        GoldenCopy copy = GoldenCopy.of(root, "divergence.json", "logits.safetensors");
        Files.delete(root.resolve("model-a-perturbed/config.json"));
        assertThat(copy.verify("divergence"))
                .singleElement()
                .satisfies(result -> assertThat(result.note()).contains("there is no second model"));
        assertAllOk(copy.verify("logits"));
    }

    @Test
    void subjectOutsideMmlu_isAskedLikeAnyOther() {
        GoldenCopy copy = GoldenCopy.of(root, "multiple_choice.json");
        copy.edit("golden/multiple_choice.json", json -> json.replace("astronomy", "alchemy"));
        List<CheckResult> results = copy.verify("multiple_choice.mmlu_5_shot.mmlu_alchemy");
        assertThat(named(results, "multiple_choice.mmlu_5_shot.mmlu_alchemy.contexts")
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void damagedJson_isAFailedCheckOfItsFamilyOnly() {
        GoldenCopy copy = GoldenCopy.of(root, "chat_template.json", "tokenization.json", "prompts.json", "greedy.json");
        copy.edit("golden/chat_template.json", json -> json.substring(0, json.length() / 2));
        assertThat(copy.verify("chat_template")).singleElement().satisfies(result -> {
            assertThat(result.status()).isEqualTo(Status.FAILED);
            assertThat(result.note()).startsWith("golden/chat_template.json: not valid JSON");
        });
        assertAllOk(copy.verify("tokenization"));
    }

    @Test
    void tokenOutsideTheVocabulary_isNamed() {
        GoldenCopy copy = GoldenCopy.of(root, "sft_loss.json");
        copy.edit("golden/sft_loss.json", json -> json.replaceFirst("747", "784"));
        assertThat(copy.verify("sft"))
                .singleElement()
                .satisfies(result -> assertThat(result.note())
                        .contains("rows[0].prompt_ids[0]", "below the model's vocab_size of 784, got 784"));
    }

    @Test
    void emptyList_isNoSuccess() {
        GoldenCopy copy = GoldenCopy.of(root, "encode_pair.json");
        copy.edit("golden/encode_pair.json", _ -> "{\"pairs\": []}");
        assertThat(copy.verify("encode_pair"))
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.status()).isEqualTo(Status.FAILED));
    }

    @Test
    void noModel_isOneProblem() throws IOException {
        Files.createDirectories(root.resolve("golden"));
        assertThatThrownBy(() -> Verification.run(root, "cpu", false, Progress.silent()))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems()).singleElement().asString().contains("needs one model directory"));
    }

    @Test
    void bfloat16_isJudgedByItsOwnBounds() {
        GoldenCopy.of(
                root,
                "prompts.json",
                "logprobs.json",
                "greedy.json",
                "sft_loss.json",
                "sft_grads.safetensors",
                "tokenization.json");
        List<CheckResult> results = Verification.run(root, "cpu", true, Progress.silent());
        assertThat(named(results, "logprobs.tokens").tolerance()).isEqualTo(0.15);
        assertThat(named(results, "logprobs.tokens").status()).isEqualTo(Status.OK);
        assertThat(named(results, "logprobs.tokens").error()).isGreaterThan(1e-3); // it did compute in bfloat16
        assertThat(named(results, "logprobs.tokens.mean").tolerance()).isEqualTo(0.02);
        assertThat(named(results, "sft.loss").status()).isEqualTo(Status.OK);
        assertThat(named(results, "sft.gradients.direction").status()).isEqualTo(Status.OK);
        assertThat(named(results, "greedy.cached.ids").status()).isEqualTo(Status.REPORTED);
        assertThat(named(results, "tokenization.ids").status()).isEqualTo(Status.OK);
    }
}
