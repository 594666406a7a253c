package dev.razor.eval.benchmarks;

import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.ifeval.Following;
import dev.razor.eval.ifeval.Instruction;
import dev.razor.eval.ifeval.InstructionKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// IFEval: 541 prompts with instructions that a program can check.
///
/// The prompt as it is, no stop strings, 1,280 tokens. Reported are the share of prompts whose instructions are
/// all followed and the share of instructions followed, each to the letter and with good will ([Following]).
///
/// The kinds whose verdict can differ from the reference's are named in docs/benchmarks.md.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/ifeval">
///     the definition followed here, version 4.0</a>
/// @see <a href="https://arxiv.org/abs/2311.07911">Zhou et al. 2023</a>
public final class IfEval implements GenerativeBenchmark {

    private static final int MAX_NEW_TOKENS = 1280;
    private static final GenerativeMetric PROMPT_STRICT = GenerativeMetric.of("prompt_level_strict_acc");
    private static final GenerativeMetric INSTRUCTION_STRICT = new GenerativeMetric("inst_level_strict_acc", false);
    private static final GenerativeMetric PROMPT_LOOSE = GenerativeMetric.of("prompt_level_loose_acc");
    private static final GenerativeMetric INSTRUCTION_LOOSE = new GenerativeMetric("inst_level_loose_acc", false);

    private static final BenchmarkFiles FILES = new BenchmarkFiles(
            "ifeval", List.of("ifeval", "IFEval"), List.of(List.of("prompt", "instruction_id_list", "kwargs")));

    @Override
    public String name() {
        return "ifeval";
    }

    @Override
    public double version() {
        return 4.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of(), MAX_NEW_TOKENS);
    }

    @Override
    public List<GenerativeMetric> metrics() {
        return List.of(PROMPT_STRICT, INSTRUCTION_STRICT, PROMPT_LOOSE, INSTRUCTION_LOOSE);
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        ZeroShot.require(name(), numFewshot, "takes no examples");
        return FILES.find(data).read(IfEval::document);
    }

    private static GenerativeDocument document(DataRecord from) {
        List<Instruction> instructions = instructions(from);
        String ids = instructions.stream().map(one -> one.kind().id()).collect(Collectors.joining(", "));
        String id = from.has("key") ? from.fields().path("key").asString("") : "";
        return GenerativeDocument.of(
                id, List.of(), from.text("prompt"), ids, response -> marks(instructions, response));
    }

    static List<Instruction> instructions(DataRecord from) {
        JsonNode ids = from.fields().path("instruction_id_list");
        JsonNode arguments = from.fields().path("kwargs");
        if (!ids.isArray() || ids.isEmpty() || !arguments.isArray() || arguments.size() != ids.size()) {
            throw from.problem(
                    "kwargs must be a list with an object for each of instruction_id_list, got %s; correct the record"
                            .formatted(DataRecord.shown(arguments)));
        }
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            JsonNode id = ids.get(i);
            InstructionKind kind = InstructionKind.of(id.asString(""))
                    .orElseThrow(() -> from.problem(
                            "instruction_id_list names no known instruction, got %s; the kinds are those of IFEval's 541 prompts"
                                    .formatted(DataRecord.shown(id))));
            if (!(arguments.get(i) instanceof ObjectNode given)) {
                throw from.problem("kwargs must hold objects, got %s; correct the record"
                        .formatted(DataRecord.shown(arguments.get(i))));
            }
            try {
                instructions.add(Instruction.of(kind, given));
            } catch (IllegalArgumentException e) {
                throw from.problem("kwargs: %s; correct the record".formatted(e.getMessage()));
            }
        }
        return List.copyOf(instructions);
    }

    private static Map<String, List<Double>> marks(List<Instruction> instructions, String response) {
        List<Boolean> strict = Following.strict(instructions, response);
        List<Boolean> loose = Following.loose(instructions, response);
        Map<String, List<Double>> marks = new LinkedHashMap<>();
        marks.put(PROMPT_STRICT.key(), List.of(mark(!strict.contains(false))));
        marks.put(INSTRUCTION_STRICT.key(), strict.stream().map(IfEval::mark).toList());
        marks.put(PROMPT_LOOSE.key(), List.of(mark(!loose.contains(false))));
        marks.put(INSTRUCTION_LOOSE.key(), loose.stream().map(IfEval::mark).toList());
        return marks;
    }

    private static double mark(boolean right) {
        return right ? 1 : 0;
    }
}
