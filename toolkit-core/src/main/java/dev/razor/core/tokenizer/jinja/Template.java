package dev.razor.core.tokenizer.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed Jinja template.
public final class Template {

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /// Parses `source`; a [JinjaException] names the line that is wrong.
    public static Template parse(String source) {
        return new Template(Parser.parse(source));
    }

    /// The text of this template with these variables. What Python would raise is a [JinjaException].
    ///
    /// @param variables text, numbers, booleans, null, and lists and maps of these
    /// @param clock what `strftime_now` reads
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = new Scope(null);
        Globals.functions(clock).forEach(globals::set);
        variables.forEach((name, value) -> globals.set(name, Value.of((Object) value)));
        return Renderer.render(statements, new Scope(globals));
    }
}
