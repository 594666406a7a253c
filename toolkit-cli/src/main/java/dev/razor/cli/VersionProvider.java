package dev.razor.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The release, from the jar's manifest.
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Razor.class.getPackage().getImplementationVersion();
        return new String[] {"razor " + Objects.requireNonNullElse(version, "(built from class files)")};
    }
}
