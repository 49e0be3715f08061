package org.iommulab.evidence.diagnosis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.words.Bilingual;

/**
 * Something to be said, and what it rests on.
 *
 * @param rule such as {@code N13}, a rule of diagnosis.md
 * @param role whether it explains what is wrong
 * @param confidence how sure it is
 * @param values what stands for the place-holders of the rule's texts
 * @param evidence lines that show it
 */
public record Finding(
    String rule,
    Role role,
    Confidence confidence,
    Map<String, String> values,
    List<Evidence> evidence) {

  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");

  /** What a finding is to the whole. */
  public enum Role {
    /** Explains the symptom. */
    CAUSE,
    /** True as well, but explains something else. */
    COMPANION,
    /** Another cause that the facts do not exclude. */
    CANDIDATE,
    /** Good to know. */
    NOTE
  }

  /** How sure a finding is. */
  public enum Confidence {
    HIGH,
    MEDIUM,
    LOW
  }

  /**
   * A line of the log, or another place.
   *
   * @param source file or table, empty for the log itself
   * @param line from 1, or 0
   * @param text what stands there
   */
  public record Evidence(String source, long line, Bilingual text) {

    /** A quotation. */
    public Evidence(String source, long line, String text) {
      this(source, line, Bilingual.same(text));
    }

    /**
     * Where it stands, with a colon behind; empty if that is not known.
     *
     * @param log name of the log
     */
    public String place(String log) {
      String file = source.isEmpty() ? log : source;
      if (line > 0) {
        return file + ":" + line + ": ";
      }
      return source.isEmpty() ? "" : source + ": ";
    }
  }

  public Finding {
    values = withNumber(values);
    evidence = List.copyOf(evidence);
  }

  /** Commands want the bare number of a device, not what it is called. */
  private static Map<String, String> withNumber(Map<String, String> values) {
    Matcher number = NUMBER.matcher(values.getOrDefault("dev", ""));
    if (!number.find()) {
      return Map.copyOf(values);
    }
    var all = new HashMap<>(values);
    all.putIfAbsent("bdf", number.group());
    return Map.copyOf(all);
  }

  /** One sentence, which says so if the log alone does not decide it. */
  public String sentence(boolean chinese) {
    String words = RuleTexts.of(chinese).say(rule, values);
    boolean open = confidence == Confidence.LOW && role == Role.CAUSE && !rule.startsWith("N22");
    return open ? RuleTexts.of(chinese).say("unsure", Map.of("what", words)) : words;
  }

  /** What would confirm or refute it. */
  public List<String> check(boolean chinese) {
    return RuleTexts.of(chinese).points(rule + ".check", values);
  }

  /** What to try, most harmless first. */
  public List<String> advice(boolean chinese) {
    return RuleTexts.of(chinese).points(rule + ".try", values);
  }

  /** What not to do. */
  public List<String> warnings(boolean chinese) {
    return RuleTexts.of(chinese).points(rule + ".not", values);
  }

  /** The requester it is about. */
  public Optional<String> device() {
    return Optional.ofNullable(values.get("dev"));
  }

  /** A use after unmap of this requester. */
  boolean isLate(String bdf) {
    return rule.equals("P8") && device().filter(dev -> dev.startsWith(bdf)).isPresent();
  }

  Finding as(Role other) {
    return new Finding(rule, other, confidence, values, evidence);
  }
}
