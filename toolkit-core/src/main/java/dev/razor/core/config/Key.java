package dev.razor.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What `--help` and the loader know about one component of a configuration record.
///
/// A component that is `@Nullable` accepts `null` (YAML's `~`, or nothing after the colon). One that may also
/// be left out has the fallback `"null"`.
///
/// ```java
/// record Example(
///         @Key("the model to train: a directory or a name") String model,
///         @Key(value = "highest learning rate", fallback = "1e-5") double learningRate,
///         @Key(value = "stop after so many steps", fallback = "null") @Nullable Integer maxSteps) {}
/// ```
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /// One line of help.
    String value();

    /// The default, written as in the YAML file; empty when the user must give a value. `"''"` is the empty text,
    /// `"[]"` the empty list, `"{}"` a section whose keys all have their defaults.
    String fallback() default "";
}
