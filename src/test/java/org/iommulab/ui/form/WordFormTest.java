package org.iommulab.ui.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WordFormTest {

  private final LabDouble lab = LabDouble.after(List.of());

  @AfterEach
  void close() {
    lab.close();
  }

  private WordForm form(String op) {
    ScriptWord word =
        ScriptWord.all().stream().filter(each -> each.op().equals(op)).findFirst().orElseThrow();
    return new WordForm(word, lab.ask(FormFacts::of), Map.of(), "label");
  }

  private static void enter(Form form, String field, String value) {
    form.fields().stream()
        .filter(each -> each.id().equals(field))
        .findFirst()
        .orElseThrow()
        .value()
        .set(value);
  }

  private static Command only(Form form) {
    assertThat(form.draft()).isInstanceOf(Draft.Ready.class);
    return ((Draft.Ready) form.draft()).commands().getFirst();
  }

  @Test
  void everyWordOfTheSchemaHasAForm() {
    for (ScriptWord word : ScriptWord.all()) {
      assertThat(new WordForm(word, lab.ask(FormFacts::of), Map.of(), "label").fields())
          .as(word.op())
          .hasSameSizeAs(word.fields());
    }
  }

  @Test
  void labelsAreThoseOfWordsThatExist() {
    var english = new Texts(Locale.ENGLISH);
    var chinese = new Texts(Locale.SIMPLIFIED_CHINESE);
    List<String> ops = ScriptWord.all().stream().map(ScriptWord::op).toList();
    assertThat(ops).contains("ats.translate", "mem.write", "linux.boot");
    assertThat(ops).filteredOn(op -> english.has("word." + op)).hasSizeGreaterThan(40);
    assertThat(ops)
        .allMatch(op -> english.has("word." + op) == chinese.has("word." + op), "in both");
  }

  @Test
  void fieldsMakeALineOfAScript() {
    WordForm form = form("mem.read");
    assertThat(form.draft()).isInstanceOf(Draft.Unfinished.class);
    enter(form, "addr", "0x1000");
    enter(form, "count", "2");
    assertThat(only(form)).isEqualTo(new Command.MemRead(0x1000, 2));
  }

  @Test
  void whatMakesNoCommandIsExplained() {
    WordForm form = form("mem.read");
    enter(form, "addr", "here");
    enter(form, "count", "2");
    assertThat(form.draft())
        .isInstanceOfSatisfying(
            Draft.Refused.class,
            refused -> assertThat(refused.sentence().english()).contains("here"));
  }

  @Test
  void emptyFieldsAreLeftOut() {
    WordForm form = form("linux.boot");
    enter(form, "cmdline", "intel_iommu=on");
    assertThat(only(form).toJson()).contains("intel_iommu=on").doesNotContain("era");
  }

  @Test
  void listsMayStandWithoutBrackets() {
    WordForm form = form("mem.write");
    enter(form, "addr", "0x1000");
    enter(form, "u64", "\"0x11\", 18");
    assertThat(only(form).op()).isEqualTo("mem.write");
  }

  @Test
  void unitIsChosenWhereThereAreSeveral() {
    lab.run(new Command.StartMachine(java.util.Map.of("board", "client")));
    FormField unit =
        form("reg.read").fields().stream()
            .filter(field -> field.id().equals("unit"))
            .findFirst()
            .orElseThrow();
    assertThat(unit.choices())
        .extracting(FormField.Choice::shown)
        .containsExactly("dmar0", "dmar1");
  }
}
