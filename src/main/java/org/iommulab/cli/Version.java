package org.iommulab.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the build wrote it into the module. */
public final class Version implements IVersionProvider {

  /** The number, or words that it is not known. */
  public static String text() {
    return Optional.ofNullable(Version.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("of unknown version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"iommu-lab " + text()};
  }
}
