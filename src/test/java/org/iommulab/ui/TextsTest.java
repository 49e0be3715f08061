package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

  private static final Path RESOURCES = Path.of("src/main/resources/org/iommulab/ui");
  private static final Path SOURCES = Path.of("src/main/java/org/iommulab");

  @ParameterizedTest
  @ValueSource(strings = {"messages", "view/messages"})
  void bothLanguagesHaveTheSameKeys(String file) throws IOException {
    assertThat(words(file + "_zh_CN").stringPropertyNames())
        .isEqualTo(words(file).stringPropertyNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"messages", "view/messages"})
  void bothLanguagesTakeTheSameArguments(String file) throws IOException {
    Properties english = words(file);
    Properties chinese = words(file + "_zh_CN");
    for (String key : english.stringPropertyNames()) {
      if (english.getProperty(key).contains("{0")) {
        assertThat(arguments(chinese.getProperty(key)))
            .as(key)
            .isEqualTo(arguments(english.getProperty(key)));
      }
    }
  }

  private static int arguments(String pattern) {
    return new MessageFormat(pattern, Locale.ENGLISH).getFormatsByArgumentIndex().length;
  }

  @Test
  void noKeyIsUnused() throws IOException {
    String code = sources();
    var unused = new TreeSet<String>();
    for (String file : List.of("messages", "view/messages")) {
      for (String key : words(file).stringPropertyNames()) {
        if (!isUsed(key, code)) {
          unused.add(key);
        }
      }
    }
    assertThat(unused).isEmpty();
  }

  /** A key stands in the code as a whole, or its end and its beginning stand there. */
  private static boolean isUsed(String key, String code) {
    if (code.contains('"' + key + '"')) {
      return true;
    }
    for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
      if (code.contains('"' + key.substring(0, dot + 1) + '"')) {
        return true;
      }
    }
    return false;
  }

  @Test
  void noKeyIsMissing() throws IOException {
    Set<String> known = new TreeSet<>();
    known.addAll(words("messages").stringPropertyNames());
    known.addAll(words("view/messages").stringPropertyNames());
    Set<String> groups = known.stream().map(TextsTest::group).collect(Collectors.toSet());
    var literal =
        java.util.regex.Pattern.compile("\"((?:action|reason|pane|form|bench|file)\\.[\\w.-]+)\"");
    var missing = new ArrayList<String>();
    literal
        .matcher(sources())
        .results()
        .map(match -> match.group(1))
        .filter(
            key -> groups.contains(group(key)) && !key.matches(".*[.-]") && !known.contains(key))
        .forEach(missing::add);
    assertThat(missing).isEmpty();
  }

  private static String group(String key) {
    return key.substring(0, key.indexOf('.') < 0 ? key.length() : key.indexOf('.'));
  }

  @Test
  void observedTextsFollowTheLanguage() {
    var texts = new Texts(Locale.ENGLISH);
    var undo = texts.observe("action.undo");
    assertThat(undo.getValue()).isEqualTo("Undo");
    texts.setLocale(Locale.SIMPLIFIED_CHINESE);
    assertThat(undo.getValue()).isEqualTo("撤销");
    texts.setLocale(Locale.FRENCH);
    assertThat(undo.getValue()).isEqualTo("Undo");
  }

  @Test
  void pluralsAgreeWithTheirNumber() {
    var texts = new Texts(Locale.ENGLISH);
    assertThat(texts.get("bench.faults", 1)).isEqualTo("1 fault");
    assertThat(texts.get("bench.faults", 3)).isEqualTo("3 faults");
  }

  @Test
  void largeNumbersStandWithoutSeparators() {
    assertThat(new Texts(Locale.ENGLISH).get("bench.faults", 32768)).isEqualTo("32768 faults");
  }

  private static Properties words(String file) throws IOException {
    var words = new Properties();
    try (Reader in = Files.newBufferedReader(RESOURCES.resolve(file + ".properties"))) {
      words.load(in);
    }
    return words;
  }

  private static String sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      var text = new StringBuilder();
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }
}
