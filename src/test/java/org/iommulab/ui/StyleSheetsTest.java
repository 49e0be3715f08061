package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javafx.scene.control.Control;
import org.controlsfx.control.tableview2.TableView2;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/** A brace lost in a style sheet takes the looks of everything behind it, without a word. */
class StyleSheetsTest {

  private static final Pattern CLASS = Pattern.compile("\\.([a-zA-Z][\\w-]*)");
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
  private static final Pattern CONTROL =
      Pattern.compile("javafx/scene/(?:control|chart)/([A-Za-z]+)\\.class");

  /** What controls of the toolkit put into themselves, though no code and no sheet names it. */
  private static final Set<String> DRAWN_BY_CONTROLS =
      Set.of(
          "accelerator-text", "axis", "chart-legend-item", "combo-box-base", "crumb", "scroll-bar");

  /** The standing of a lecture's step, made of a constant's name. */
  private static final Set<String> MADE_OF_NAMES = Set.of("seen");

  @Test
  void everyRuleEndsBeforeTheNextBegins() throws IOException {
    var wrong = new ArrayList<String>();
    try (Stream<Path> files = Files.list(Project.file("assets/theme"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".css")).toList()) {
        wrong.addAll(nested(file));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Rules that nobody is styled by look like care and are none. */
  @Test
  void everyStyleClassIsWornBySomething() throws IOException {
    Set<String> ours = wordsInCode();
    List<String> beginnings = ours.stream().filter(word -> word.endsWith("-")).toList();
    String code = code();
    Set<String> theirs = classesOfTheToolkit();
    Set<String> controls = controls();
    var dead = new TreeSet<String>();
    for (String each : stylesInSheets()) {
      boolean worn =
          ours.contains(each)
              || MADE_OF_NAMES.contains(each)
              || beginnings.stream().anyMatch(each::startsWith);
      boolean drawn = theirs.contains(each) || DRAWN_BY_CONTROLS.contains(each);
      String control = control(each);
      boolean used =
          !controls.contains(control)
              || DRAWN_BY_CONTROLS.contains(each)
              || Pattern.compile("\\b" + control + "\\b").matcher(code).find();
      if (!worn && !(drawn && used)) {
        dead.add(each);
      }
    }
    assertThat(dead).isEmpty();
  }

  private static Set<String> stylesInSheets() throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.list(Project.file("assets/theme"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".css")).toList()) {
        found.addAll(classes(Files.readString(file)));
      }
    }
    return found;
  }

  private static Set<String> classes(String sheet) {
    String bare = sheet.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("\\{[^}]*}", "{}");
    return CLASS.matcher(bare).results().map(hit -> hit.group(1)).collect(Collectors.toSet());
  }

  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Project.file("src/main/java"))) {
      var all = new StringBuilder();
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
  }

  private static Set<String> wordsInCode() throws IOException {
    return TEXT.matcher(code())
        .results()
        .flatMap(text -> Stream.of(text.group(1).split(" ")))
        .filter(word -> word.matches("[a-z][\\w-]*"))
        .collect(Collectors.toSet());
  }

  /** What the style sheets of the libraries name. */
  private static Set<String> classesOfTheToolkit() throws IOException {
    var found = new TreeSet<String>();
    for (Class<?> library : List.of(Control.class, TableView2.class, PrimerLight.class)) {
      try (ZipFile jar = jar(library)) {
        for (var entry : jar.stream().filter(each -> each.getName().endsWith(".css")).toList()) {
          found.addAll(
              classes(
                  new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)));
        }
      }
    }
    return found;
  }

  private static Set<String> controls() throws IOException {
    try (ZipFile jar = jar(Control.class)) {
      return jar.stream()
          .map(entry -> CONTROL.matcher(entry.getName()))
          .filter(Matcher::matches)
          .map(hit -> hit.group(1))
          .collect(Collectors.toSet());
    }
  }

  private static ZipFile jar(Class<?> inside) throws IOException {
    try {
      URI place = inside.getProtectionDomain().getCodeSource().getLocation().toURI();
      return new ZipFile(Path.of(place).toFile());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** The control whose style class that is: {@code choice-box} is ChoiceBox's. */
  private static String control(String styleClass) {
    return Stream.of(styleClass.split("-"))
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }

  private static List<String> nested(Path file) throws IOException {
    var wrong = new ArrayList<String>();
    int depth = 0;
    int number = 0;
    for (String line : Files.readString(file).split("\n", -1)) {
      number++;
      for (int at = 0; at < line.length(); at++) {
        depth += line.charAt(at) == '{' ? 1 : line.charAt(at) == '}' ? -1 : 0;
        if (depth < 0 || depth > 1) {
          wrong.add(file.getFileName() + ", line " + number);
          depth = Math.clamp(depth, 0, 1);
        }
      }
    }
    if (depth != 0) {
      wrong.add(file.getFileName() + " ends inside a rule");
    }
    return wrong;
  }
}
