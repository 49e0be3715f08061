package org.iommulab.lab.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.lab.script.Script;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One table, many views: records, schema and documentation agree with it. With the system property
 * {@code iommulab.write} set to true, schema and documentation are written anew instead.
 */
final class LanguageTest {

  private static final Path SCHEMA =
      Project.file("src/main/resources/org/iommulab/schema/script-line.schema.json");

  private static final Path PAGE = Project.file("docs/script-language.md");

  static Stream<Operation<?>> operations() {
    return Language.operations().stream();
  }

  private static void check(Path file, String wanted) throws IOException {
    if (Boolean.getBoolean("iommulab.write")) {
      Files.writeString(file, wanted);
    }
    assertThat(Files.readString(file))
        .as("%s follows the table; -Diommulab.write=true writes it anew", file.getFileName())
        .isEqualTo(wanted);
  }

  @Test
  void schemaIsThatOfTheTable() throws IOException {
    check(SCHEMA, SchemaText.text());
  }

  @Test
  void tablesOfTheDocumentationAreThoseOfTheTable() throws IOException {
    String page = Files.readString(PAGE);
    check(PAGE, DocumentationTables.renewed(page));
    for (String chapter : Language.byChapter().keySet()) {
      assertThat(page).contains(DocumentationTables.start(chapter));
    }
    for (String chapter : Functions.byChapter().keySet()) {
      assertThat(page).contains(DocumentationTables.startOfFunctions(chapter));
    }
  }

  @Test
  void documentationNamesEveryKeyOfEveryObject() throws IOException {
    String page = Files.readString(PAGE);
    for (Operation<?> row : Language.operations()) {
      for (Field field : row.fields()) {
        assertThat(page).as(row.name()).contains("`" + field.name() + "`");
        for (Field inner : field.inner()) {
          assertThat(page)
              .as("%s, %s", row.name(), field.name())
              .containsPattern("[`\"]" + inner.name() + "[`\"]");
        }
      }
    }
  }

  @Test
  void everyRecordOfTheLanguageHasOneRow() {
    assertThat(Language.operations()).extracting(Operation::type).doesNotHaveDuplicates();
    assertThat(Language.operations().stream().<Class<?>>map(Operation::type))
        .containsExactlyInAnyOrderElementsOf(records(Line.class));
  }

  private static List<Class<?>> records(Class<?> type) {
    var found = new ArrayList<Class<?>>();
    if (type.isRecord()) {
      found.add(type);
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        found.addAll(records(permitted));
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void exampleIsALineOfItsOperation(Operation<?> row) throws Complaint {
    Line line = Language.line(Json.readJson(row.example()));
    assertThat(line).isInstanceOf(row.type());
    assertThat(line.op()).isEqualTo(row.name());
    if (line instanceof Command command) {
      assertThat(Command.parse(command.toJson())).isEqualTo(new Reading.Good<>(command));
      assertThat(Script.parse("example", row.example())).isInstanceOf(Reading.Good.class);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void fieldThatNobodyKnowsIsNamed(Operation<?> row) throws Complaint {
    boolean takesAnything =
        row.fields().equals(MachineFields.MACHINE)
            || row.fields().containsAll(BootFields.BOOT)
            || row.fields().containsAll(BootFields.USER_ALLOC)
            || row.name().equals("traffic");
    String line = row.example().replaceFirst("\\}$", ",\"odd\":1}");
    assertThat(Script.parse("odd", line) instanceof Reading.Bad<Script>).isEqualTo(!takesAnything);
  }
}
