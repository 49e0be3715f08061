package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Inject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The module's declaration keeps up with the packages. */
final class ModuleTest {

  /** Tests open their own packages, so only the finished program would show that one is missing. */
  @Test
  void everyPackageWithInjectedClassesIsOpenToGuice() throws IOException {
    String declaration = Files.readString(Path.of("src/main/java/module-info.java"));
    var packages =
        new ClassFileImporter()
            .importPackages("org.iommulab").stream()
                .filter(
                    type ->
                        type.getConstructors().stream()
                            .anyMatch(made -> made.isAnnotatedWith(Inject.class)))
                .map(type -> "opens " + type.getPackageName() + " to")
                .distinct()
                .toList();
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(opened -> assertThat(declaration).contains(opened));
  }
}
