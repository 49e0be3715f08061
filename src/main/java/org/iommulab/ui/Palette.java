package org.iommulab.ui;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.scene.paint.Color;

/**
 * The colours of one theme by token, for what is drawn rather than styled. Read from the token
 * file, so that style sheet and canvas never differ.
 *
 * @param tokens name without {@code -lab-}, such as {@code bg2}, to colour
 */
public record Palette(Map<String, Color> tokens) {

  private static final Pattern TOKEN = Pattern.compile("-lab-([a-z0-9-]+):\\s*(#[0-9a-fA-F]+);");

  public Palette {
    tokens = Map.copyOf(tokens);
  }

  /** The colours a token file declares. */
  static Palette parse(String css) {
    return new Palette(
        TOKEN
            .matcher(css)
            .results()
            .collect(
                Collectors.toMap(match -> match.group(1), match -> Color.web(match.group(2)))));
  }

  /**
   * The colour of a token.
   *
   * @throws IllegalArgumentException if there is no such token: a mistake in our code
   */
  public Color get(String token) {
    Color colour = tokens.get(token);
    if (colour == null) {
      throw new IllegalArgumentException("no colour token " + token);
    }
    return colour;
  }

  /** A role's colour for text and lines. */
  public Color text(Role role) {
    return get(role.colour().substring("-lab-".length()));
  }

  /** A role's colour for backgrounds. */
  public Color background(Role role) {
    return get(role.background().substring("-lab-".length()));
  }

  /** Contrast ratio of two colours as WCAG 2 defines it, from 1 to 21. */
  public static double contrast(Color one, Color other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(Color colour) {
    return 0.2126 * linear(colour.getRed())
        + 0.7152 * linear(colour.getGreen())
        + 0.0722 * linear(colour.getBlue());
  }

  private static double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
  }
}
