package org.iommulab.evidence.context;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel was built with.
 *
 * @param options by name, {@code CONFIG_} included
 */
public record KernelConfig(Map<String, Option> options) {

  private static final Pattern SET = Pattern.compile("(CONFIG_\\w{1,80})=(.{0,200})");
  private static final Pattern UNSET = Pattern.compile("# (CONFIG_\\w{1,80}) is not set");
  private static final int MOST = 40_000;

  /**
   * An option.
   *
   * @param line of the text, from 1
   * @param value {@code y}, {@code m}, a number or a text; {@code n} if it is not set
   * @param text the line itself
   */
  public record Option(long line, String value, String text) {

    /** Tells whether it is built in or a module. */
    public boolean isOn() {
      return value.equals("y") || value.equals("m");
    }
  }

  public KernelConfig {
    options = Map.copyOf(options);
  }

  /** Reads the text; lines of another form are left out. */
  public static KernelConfig read(String text) {
    var options = new LinkedHashMap<String, Option>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher set = SET.matcher(line.strip());
      Matcher unset = UNSET.matcher(line.strip());
      if (options.size() < MOST) {
        if (set.matches()) {
          options.put(set.group(1), new Option(number, set.group(2), line.strip()));
        } else if (unset.matches()) {
          options.put(unset.group(1), new Option(number, "n", line.strip()));
        }
      }
    }
    return new KernelConfig(options);
  }

  /** An option that the text mentions. */
  public Optional<Option> option(String name) {
    return Optional.ofNullable(options.get(name));
  }
}
