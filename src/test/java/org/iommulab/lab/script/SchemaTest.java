package org.iommulab.lab.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.lab.language.Language;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

  private static final Path SCHEMAS = Path.of("src/main/resources/org/iommulab/schema");
  private static final SchemaRegistry REGISTRY = registry();

  private static SchemaRegistry registry() {
    try {
      Map<String, String> schemas =
          Map.of(
              "urn:iommu-lab:script-line",
              Files.readString(SCHEMAS.resolve("script-line.schema.json")),
              "urn:iommu-lab:lesson",
              Files.readString(SCHEMAS.resolve("lesson.schema.json")),
              "urn:iommu-lab:preset",
              Files.readString(SCHEMAS.resolve("preset.schema.json")));
      return SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(schemas));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Error> errors(String schema, String text, InputFormat format) {
    Schema loaded = REGISTRY.getSchema(SchemaLocation.of(schema));
    return loaded.validate(text, format);
  }

  static Stream<Path> presets() throws IOException {
    return Stream.concat(
        Files.list(Path.of("presets")).filter(path -> path.toString().endsWith(".yaml")),
        Files.list(Path.of("presets/course")));
  }

  @ParameterizedTest
  @MethodSource("presets")
  void presetFollowsTheSchema(Path file) throws IOException {
    assertThat(errors("urn:iommu-lab:preset", Files.readString(file), InputFormat.YAML)).isEmpty();
  }

  @Test
  void everyPresetFileIsShipped() throws IOException {
    assertThat(
            Files.list(Path.of("presets"))
                .filter(path -> path.toString().endsWith(".yaml"))
                .map(path -> path.getFileName().toString().replace(".yaml", "")))
        .containsExactlyInAnyOrderElementsOf(
            Presets.all().stream().map(preset -> preset.name()).toList());
  }

  @Test
  void schemaKnowsTheSameOperationsAsTheReader() throws IOException {
    String schema = Files.readString(SCHEMAS.resolve("script-line.schema.json"));
    var operations =
        java.util.regex.Pattern.compile("\"const\": \"([a-z._]+)\"").matcher(schema).results();
    assertThat(operations.map(match -> match.group(1)).filter(name -> !name.equals("addr")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Language.commands().stream(), Stream.of("repeat", "end")).toList());
  }

  @ParameterizedTest
  @MethodSource("org.iommulab.lab.language.CommandReaderTest#lines")
  void everyCommandTheProgramWritesFollowsTheSchema(String line) {
    assertThat(errors("urn:iommu-lab:script-line", line, InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\":\"dma.wirte\"}",
        "{\"op\":\"reset\",\"now\":1}",
        "{\"op\":\"mem.read\",\"addr\":-1,\"count\":1}",
        "{\"op\":\"mem.write\",\"addr\":0}",
        "{\"op\":\"reg.read\",\"off\":0,\"size\":5}",
      })
  void mistakesAreFoundByTheSchemaToo(String line) {
    assertThat(errors("urn:iommu-lab:script-line", line, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void programsOfTheOracleFollowTheSchema() throws IOException {
    var folder = Shared.folder("oracle/cases");
    if (folder.isPresent()) {
      try (var files = Files.list(folder.get())) {
        for (Path file : files.sorted().limit(20).toList()) {
          for (String line : Files.readAllLines(file)) {
            assertThat(errors("urn:iommu-lab:script-line", line, InputFormat.JSON))
                .as(file + " " + line)
                .isEmpty();
          }
        }
      }
    }
  }
}
