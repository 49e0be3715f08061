package org.iommulab.lab.advice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.words.Bilingual;

/** All rules of the advisor, as {@code rules.txt} has them. */
public final class Rules {

  private static final Map<String, Rule> ALL = read();

  private Rules() {}

  /** Every rule, by family and number. */
  public static List<Rule> all() {
    return List.copyOf(ALL.values());
  }

  /** The rule with that id. */
  public static Optional<Rule> find(String id) {
    return Optional.ofNullable(ALL.get(id));
  }

  static Rule of(String id) {
    return Objects.requireNonNull(ALL.get(id), id);
  }

  private static Map<String, Rule> read() {
    var stream = Objects.requireNonNull(Rules.class.getResourceAsStream("rules.txt"));
    var rules = new LinkedHashMap<String, Rule>();
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          Rule rule = rule(line.split("\\|"));
          rules.put(rule.id(), rule);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rules;
  }

  private static Rule rule(String[] parts) {
    return new Rule(
        parts[0],
        Severity.of(parts[1]),
        parts[2].equals("review"),
        parts[3],
        new Bilingual(parts[4], parts[5]),
        new Bilingual(parts[6], parts[7]));
  }
}
