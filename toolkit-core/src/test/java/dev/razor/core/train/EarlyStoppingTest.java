package dev.razor.core.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class EarlyStoppingTest {

    private static EarlyStopping after(double... losses) {
        EarlyStopping state = EarlyStopping.START;
        for (double loss : losses) {
            state = state.next(loss);
        }
        return state;
    }

    /// 2.0 is the best of the first looks; 2.5, 2.0 (no better than the best) and 2.1 are three without a
    /// better one.
    @Test
    void next_countsTheLooksSinceTheBestLoss() {
        assertThat(after(3, 2)).isEqualTo(new EarlyStopping(2.0, 0));
        assertThat(after(3, 2, 2.5, 2, 2.1)).isEqualTo(new EarlyStopping(2.0, 3));
        assertThat(after(3, 2, 2.5, 2, 1.9)).isEqualTo(new EarlyStopping(1.9, 0));
    }

    @Test
    void stops_afterPatienceLooksWithoutABetterLoss() {
        assertThat(after(3, 2, 2.5).stops(2)).isFalse();
        assertThat(after(3, 2, 2.5, 2.5).stops(2)).isTrue();
        assertThat(after(3, 2, 2.5, 2.5).stops(null)).isFalse();
        assertThat(EarlyStopping.START.stops(1)).isFalse();
    }

    @Test
    void next_neverTakesALossThatIsNotANumberAsBest() {
        assertThat(after(Double.NaN)).isEqualTo(new EarlyStopping(null, 1));
        assertThat(after(Double.NaN, 2)).isEqualTo(new EarlyStopping(2.0, 0));
        assertThat(after(2, Double.NaN, Double.NaN).stops(2)).isTrue();
    }

    @Test
    void isBest_onlyRightAfterTheBestLook() {
        assertThat(EarlyStopping.START.isBest()).isFalse();
        assertThat(after(3, 2).isBest()).isTrue();
        assertThat(after(3, 2, 2).isBest()).isFalse();
    }

    /// A run that is resumed between two looks goes on as if it had not been.
    @Test
    void next_goesOnFromJson() {
        for (EarlyStopping state : List.of(EarlyStopping.START, after(3, 2, 2.5), after(0.1 + 0.2))) {
            String json = JsonMapper.shared().writeValueAsString(state);
            assertThat(JsonMapper.shared().readValue(json, EarlyStopping.class)).isEqualTo(state);
        }
    }
}
