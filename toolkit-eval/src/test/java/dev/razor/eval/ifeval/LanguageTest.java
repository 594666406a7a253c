package dev.razor.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The 22 languages that IFEval's prompts ask for, and English.
class LanguageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en|The children went to school this morning because the holidays are over.",
                "de|Die Kinder gingen heute Morgen zur Schule, weil die Ferien vorbei sind.",
                "it|I bambini sono andati a scuola questa mattina perché le vacanze sono finite.",
                "pt|As crianças foram para a escola esta manhã porque as férias terminaram.",
                "fi|Lapset menivät tänä aamuna kouluun, koska loma on ohi.",
                "sw|Watoto walikwenda shuleni leo asubuhi kwa sababu likizo imekwisha.",
                "vi|Sáng nay bọn trẻ đã đi học vì kỳ nghỉ đã kết thúc.",
                "ru|Дети сегодня утром пошли в школу, потому что каникулы закончились.",
                "bg|Децата отидоха на училище тази сутрин, защото ваканцията свърши.",
                "ar|ذهب الأطفال إلى المدرسة هذا الصباح لأن العطلة انتهت.",
                "fa|بچه‌ها امروز صبح به مدرسه رفتند چون تعطیلات تمام شده است.",
                "ur|بچے آج صبح اسکول گئے کیونکہ چھٹیاں ختم ہو گئی ہیں۔",
                "hi|बच्चे आज सुबह स्कूल गए क्योंकि छुट्टियाँ खत्म हो गई हैं।",
                "mr|मुले आज सकाळी शाळेत गेली कारण सुट्टी संपली आहे.",
                "ne|बच्चाहरू आज बिहान विद्यालय गए किनभने बिदा सकिएको छ।",
                "bn|শিশুরা আজ সকালে স্কুলে গেছে কারণ ছুটি শেষ হয়ে গেছে।",
                "pa|ਬੱਚੇ ਅੱਜ ਸਵੇਰੇ ਸਕੂਲ ਗਏ ਕਿਉਂਕਿ ਛੁੱਟੀਆਂ ਖਤਮ ਹੋ ਗਈਆਂ ਹਨ।",
                "gu|બાળકો આજે સવારે શાળાએ ગયા કારણ કે રજાઓ પૂરી થઈ ગઈ છે.",
                "ta|விடுமுறை முடிந்ததால் குழந்தைகள் இன்று காலை பள்ளிக்குச் சென்றனர்.",
                "te|సెలవులు ముగిసినందున పిల్లలు ఈ ఉదయం పాఠశాలకు వెళ్ళారు.",
                "kn|ರಜೆ ಮುಗಿದ ಕಾರಣ ಮಕ್ಕಳು ಇಂದು ಬೆಳಿಗ್ಗೆ ಶಾಲೆಗೆ ಹೋದರು.",
                "th|เด็ก ๆ ไปโรงเรียนเมื่อเช้านี้เพราะวันหยุดสิ้นสุดลงแล้ว",
                "ko|방학이 끝나서 아이들은 오늘 아침에 학교에 갔습니다."
            })
    void of_aSentence_isItsLanguage(String code, String text) {
        assertThat(Language.of(text)).contains(code);
        assertThat(Language.of(text)).isEqualTo(Language.of(text));
    }
}
