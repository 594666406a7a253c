package dev.razor.eval.ifeval;

import com.cybozu.labs.langdetect.Detector;
import com.cybozu.labs.langdetect.DetectorFactory;
import com.cybozu.labs.langdetect.LangDetectException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// The language of a text, by the Java library of which the reference's `langdetect` is a translation.
///
/// Both are random: they start from disturbed probabilities, seven times. The reference does not fix the seed;
/// here it is fixed, so that a text always has the same language.
///
/// @see <a href="https://github.com/shuyo/language-detection">the library</a>
final class Language {

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final List<String> CODES = SPACES.splitAsStream("""
            af ar bg bn cs da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no pa pl pt ro
            ru sk sl so sq sv sw ta te th tl tr uk ur vi zh-cn zh-tw""").toList();

    static {
        loadProfiles();
    }

    private Language() {}

    private static void loadProfiles() {
        List<String> profiles = new ArrayList<>();
        for (String code : CODES) {
            try (InputStream in = DetectorFactory.class.getResourceAsStream("/profiles/" + code)) {
                profiles.add(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try {
            DetectorFactory.loadProfile(profiles);
            DetectorFactory.setSeed(0);
        } catch (LangDetectException e) {
            throw new IllegalStateException("the language profiles cannot be used", e);
        }
    }

    /// The ISO 639-1 code of the language that `text` is in (`zh-cn`, `zh-tw` for Chinese), `unknown` where none
    /// is probable, or nothing where it has no letters that tell a language.
    static Optional<String> of(String text) {
        try {
            Detector detector = DetectorFactory.create();
            detector.append(text);
            return Optional.of(detector.detect());
        } catch (LangDetectException _) {
            return Optional.empty();
        }
    }

    /// Whether `text` is in the language `code`. A text without letters that tell a language counts as being in
    /// every one.
    static boolean isOrUnknown(String text, String code) {
        return of(text).map(code::equals).orElse(true);
    }
}
