package org.iommulab.lab.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.script.Script;
import org.iommulab.testing.Shared;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule speaks where it must, and is silent where it must be. */
final class AdvisorTest {

  private static final Path OWN = Path.of("src/test/resources/advice");
  private static final String HAN = "\\p{IsHan}";

  /** Small words of English prose, as no name and no field has them. */
  private static final String PROSE =
      "(?<![\\w-])(the|an|is|of|has|have|at|for|to|and|its?|that|was|were|no|not|on|in|read|write)"
          + "(?![\\w-])";

  @Test
  void expectAsksForAdviceAtTheEndToo() {
    var lab = new Laboratory();
    lab.execute(new Command.Expect("advice_at_end.count", 0L));
    assertThat(lab.isAdvised()).isTrue();
  }

  @TestFactory
  Stream<DynamicTest> rulesSpeakWhereProvokedAndNowhereNear() throws IOException {
    var scripts = new ArrayList<>(scripts(OWN));
    Shared.folder("advisor").ifPresent(folder -> scripts.addAll(scripts(folder)));
    return scripts.stream().map(file -> DynamicTest.dynamicTest(name(file), () -> judge(file)));
  }

  private static void judge(Path file) {
    String rule = name(file).substring(0, 3);
    List<String> said = rules(advised(read(file)));
    if (name(file).endsWith("-near")) {
      assertThat(said).doesNotContain(rule);
    } else {
      assertThat(said).contains(rule);
    }
  }

  /** The table of the reference: a machine on which a rule speaks, and one on which it must not. */
  @TestFactory
  Stream<DynamicTest> everyRuleHasAMachineThatProvokesItAndOneThatDoesNot() {
    if (Shared.folder("advisor").isEmpty()) {
      return Stream.empty();
    }
    var names = new TreeSet<String>();
    var folders = List.of(OWN, Shared.folder("advisor").orElseThrow());
    folders.forEach(folder -> scripts(folder).forEach(file -> names.add(name(file))));
    return Rules.all().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.id(),
                    () -> {
                      // The preset shows it; a script of its own would say the same once more.
                      assertThat(names.contains(rule.id()) || rule.id().equals("K43")).isTrue();
                      assertThat(names).contains(rule.id() + "-near");
                    }));
  }

  @Test
  void guestTablesThatTheHostWasNotToldOfAreShownByAPreset() {
    assertThat(rules(advised(Presets.named("nested").map(Preset::script).orElseThrow())))
        .contains("K43");
  }

  @Test
  void theRulesAreThoseOfTheReference() throws IOException {
    Path reference = Shared.file("reference/advisor.md").orElse(null);
    if (reference == null) {
      return;
    }
    var ids = new TreeSet<String>();
    Matcher matcher =
        Pattern.compile("\\*\\*([HKT][0-9]{2}) ").matcher(Files.readString(reference));
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    assertThat(Rules.all().stream().map(Rule::id)).containsExactlyInAnyOrderElementsOf(ids);
  }

  /** What the repository's own scripts do wrong on purpose, and nothing else. */
  @TestFactory
  Stream<DynamicTest> lessonsPresetsAndConformanceAreSilentButForWhatTheyShow() throws IOException {
    List<String> expected = Files.readAllLines(OWN.resolve("shown.txt"));
    var all = new ArrayList<Script>();
    for (String folder : List.of("conformance", "iommufd", "lessons")) {
      scripts(Path.of("src/test/resources", folder)).forEach(file -> all.add(read(file)));
    }
    Presets.all().forEach(preset -> all.add(preset.script()));
    return all.stream()
        .map(
            script ->
                DynamicTest.dynamicTest(
                    script.name(),
                    () -> {
                      String name = name(Path.of(script.name()));
                      var said = new TreeSet<String>();
                      for (Advice advice : advised(script)) {
                        if (!advice.rule().review()) {
                          said.add(advice.rule().id());
                        }
                      }
                      String line = said.isEmpty() ? "" : name + " " + String.join(" ", said);
                      if (line.isEmpty()) {
                        assertThat(expected).noneMatch(shown -> shown.startsWith(name + " "));
                      } else {
                        assertThat(expected).contains(line);
                      }
                    }));
  }

  @Test
  void lookingOnChangesNoResult() {
    for (Preset preset : Presets.all()) {
      assertThat(results(preset.script(), true)).isEqualTo(results(preset.script(), false));
    }
  }

  @Test
  void goingBackTakesAdviceBack() {
    var laboratory = new Laboratory();
    laboratory.setAdvised(true);
    Script script = read(OWN.resolve("K21.jsonl"));
    script.commands().forEach(laboratory::execute);
    assertThat(rules(laboratory.advice())).contains("K21");
    laboratory.undo();
    laboratory.undo();
    assertThat(rules(laboratory.advice())).doesNotContain("K21");
    laboratory.redo();
    assertThat(rules(laboratory.advice())).contains("K21");
  }

  @Test
  void switchingOnLateSeesWhatWasDoneBefore() {
    var laboratory = new Laboratory();
    read(OWN.resolve("H48.jsonl")).commands().forEach(laboratory::execute);
    assertThat(laboratory.advice()).isEmpty();
    laboratory.setAdvised(true);
    assertThat(rules(laboratory.advice())).contains("H48");
    laboratory.setAdvised(false);
    assertThat(laboratory.advice()).isEmpty();
  }

  @Test
  void aSiblingIsNamedBesideTheDeviceThatWasAskedFor() {
    assertThat(
            advised(read(OWN.resolve("K39.jsonl"))).stream()
                .filter(advice -> advice.rule().id().equals("K39"))
                .map(advice -> advice.sentence().english()))
        .singleElement()
        .asString()
        .startsWith("f2 shares the group of f1");
  }

  @Test
  void scriptsCanExpectAdvice() {
    var laboratory = new Laboratory();
    read(OWN.resolve("K21.jsonl")).commands().forEach(laboratory::execute);
    assertThat(holds(laboratory, "advice.K21", true)).isTrue();
    assertThat(holds(laboratory, "advice(K21)", 1L)).isTrue();
    assertThat(holds(laboratory, "advice.K20", null)).isTrue();
    assertThat(holds(laboratory, "advice.count", 1L)).isTrue();
    assertThat(holds(laboratory, "advice_at_end.T08.severity", "warn")).isTrue();
  }

  private static boolean holds(Laboratory laboratory, String path, @Nullable Object value) {
    return laboratory.execute(new Command.Expect(path, value)) instanceof Result.Checked checked
        && checked.holds();
  }

  @Test
  void fixesAreLinesOfTheLanguage() {
    for (Path file : scripts(OWN)) {
      for (Advice advice : advised(read(file))) {
        for (String line : advice.fix()) {
          assertThat(Command.parse(line)).as(line).isInstanceOf(Reading.Good.class);
        }
        assertThat(advice.sentence().english()).doesNotContain("{");
        assertThat(advice.sentence().chinese()).doesNotContain("{");
      }
    }
  }

  @Test
  void noFixIsTheMistakeOnceMore() {
    for (Path file : scripts(OWN)) {
      Script script = read(file);
      for (Advice advice : advised(script)) {
        Command mistake = script.commands().get(advice.step());
        if (advice.fix().size() == 1) {
          assertThat(Command.parse(advice.fix().getFirst()))
              .as("%s in %s", advice.rule().id(), file)
              .isNotEqualTo(new Reading.Good<>(mistake));
        }
      }
    }
  }

  /** What sentences are made of: the rules' own words, and those that are filled in. */
  @Test
  void everyWordOfTheAdvisorIsThereInBothLanguages() {
    for (Rule rule : Rules.all()) {
      String english = rule.sentence().english();
      String chinese = rule.sentence().chinese();
      assertThat(places(chinese)).as(rule.id()).isEqualTo(places(english));
      boolean words = english.replaceAll("\\{[0-9]}|0x|IQT", "").matches(".*[a-z].*");
      assertThat(!words || chinese.matches(".*" + HAN + ".*")).as(rule.id()).isTrue();
      assertThat(rule.title().chinese()).as(rule.id()).containsPattern(HAN);
      assertThat(rule.title().english()).as(rule.id()).doesNotContainPattern(HAN);
    }
    for (Wording phrase : Wording.values()) {
      assertThat(places(phrase.chinese())).as(phrase.name()).isEqualTo(places(phrase.english()));
      assertThat(phrase.english()).as(phrase.name()).doesNotContainPattern(HAN);
      boolean sign = phrase.english().matches("IOTLB.*|the IOTLB was|\\{0} to \\{1}");
      assertThat(sign || phrase.chinese().matches(".*" + HAN + ".*")).as(phrase.name()).isTrue();
    }
  }

  /** No sentence that a rule said anywhere has English prose left in its Chinese. */
  @Test
  void chineseSentencesHaveNoEnglishProse() {
    var scripts = new ArrayList<>(scripts(OWN));
    Shared.folder("advisor").ifPresent(folder -> scripts.addAll(scripts(folder)));
    var said = new TreeSet<String>();
    for (Path file : scripts) {
      for (Advice advice : advised(read(file))) {
        String chinese = advice.sentence().chinese();
        said.add(advice.rule().id());
        assertThat(chinese).as(advice.rule().id()).doesNotContainPattern(PROSE);
      }
    }
    assertThat(said).hasSizeGreaterThan(30);
  }

  @Test
  void linesOfTheKernelsBooksAreSaidInChineseToo() {
    assertThat(Wording.ofBooks("3 page frames of tables are not back").chinese())
        .isEqualTo("3 个表的页框没有归还");
    assertThat(Wording.ofBooks("domain 4 of iommufd 1 exists").chinese())
        .isEqualTo("iommufd 1 的域 4 仍存在");
    assertThat(Wording.ofBooks("something else").chinese()).isEqualTo("something else");
  }

  private static Set<String> places(String text) {
    var places = new TreeSet<String>();
    Matcher matcher = Pattern.compile("\\{[0-9]}").matcher(text);
    while (matcher.find()) {
      places.add(matcher.group());
    }
    return places;
  }

  @Test
  void noMoreThanAThousandCasesAreKept() {
    var notes = new Notebook();
    for (int i = 0; i < 5000; i++) {
      notes.raise(i, "H01", i, List.of(), List.of());
    }
    assertThat(notes.all()).hasSize(Notebook.LIMIT);
    assertThat(notes.lost()).isEqualTo(5000 - Notebook.LIMIT);
  }

  @Test
  void theDocumentedTableIsTheRules() throws IOException {
    var table = new StringBuilder();
    for (Rule rule : Rules.all()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |\n",
              rule.id(),
              rule.title().english(),
              rule.severity().word(),
              rule.review() ? "review" : "",
              rule.source()));
    }
    assertThat(Files.readString(Path.of("docs/advisor.md"))).contains(table);
  }

  // ---- running ---------------------------------------------------------------------------------

  private static List<Advice> advised(Script script) {
    var laboratory = new Laboratory();
    laboratory.setAdvised(true);
    var said = new LinkedHashSet<Advice>();
    for (Command command : script.commands()) {
      if (command instanceof Command.StartMachine || command instanceof Command.Rewind) {
        said.addAll(laboratory.advice());
      }
      if (laboratory.execute(command) instanceof Result.Refused) {
        break;
      }
    }
    said.addAll(laboratory.adviceAtEnd());
    return List.copyOf(said);
  }

  private static List<String> results(Script script, boolean advised) {
    var laboratory = new Laboratory();
    laboratory.setAdvised(advised);
    var lines = new ArrayList<String>();
    for (int i = 0; i < script.commands().size(); i++) {
      Command command = script.commands().get(i);
      lines.add(laboratory.execute(command).line(i, command.op()));
    }
    return lines;
  }

  private static List<String> rules(List<Advice> advice) {
    return advice.stream().map(one -> one.rule().id()).toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceAll("\\.(jsonl|yaml)$", "");
  }

  private static List<Path> scripts(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Script read(Path file) {
    return switch (Script.read(file)) {
      case Reading.Good<Script>(Script script) -> script;
      case Reading.Bad<Script>(Bilingual sentence) -> throw new AssertionError(sentence);
    };
  }
}
