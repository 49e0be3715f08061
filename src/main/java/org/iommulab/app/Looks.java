package org.iommulab.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.Theme;
import org.iommulab.ui.Theme.Choice;

/**
 * How pictures of the window are to look.
 *
 * @param sizes of the window; none: what suits the picture
 * @param themes of the window; none: light and dark
 * @param text size of the letters in hundredths of the ordinary size
 */
record Looks(List<Size> sizes, List<Choice> themes, int text) {

  /** What suits every picture. */
  static final Looks ORDINARY = new Looks(List.of(), List.of(), 100);

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

  /** The smallest window that is drawn, and the largest, in pixels. */
  private static final int LEAST = 320;

  private static final int MOST = 7680;

  /** Width and height in pixels. */
  record Size(int width, int height) {

    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** One picture's size and theme. */
  record Look(Size size, Choice theme) {

    /** For the name of a file, such as {@code 1280x800-light}. */
    @Override
    public String toString() {
      return size + "-" + theme.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads the options of the command line, or says in one sentence what is wrong with them. */
  static Reading<Looks> parse(List<String> sizes, List<String> themes, int text) {
    var read = new ArrayList<Size>();
    for (String size : sizes) {
      Matcher words = SIZE.matcher(size);
      if (!words.matches()) {
        return new Reading.Bad<>(
            "--size takes a width and a height, 1280x800, not \"" + size + "\"");
      }
      var pixels = new Size(Integer.parseInt(words.group(1)), Integer.parseInt(words.group(2)));
      if (Math.min(pixels.width(), pixels.height()) < LEAST
          || Math.max(pixels.width(), pixels.height()) > MOST) {
        return new Reading.Bad<>(
            "--size takes a width and a height of "
                + LEAST
                + " to "
                + MOST
                + " pixels each, not "
                + size);
      }
      read.add(pixels);
    }
    var chosen = new ArrayList<Choice>();
    for (String theme : themes) {
      Optional<Choice> choice =
          Arrays.stream(Choice.values())
              .filter(each -> each != Choice.SYSTEM && each.name().equalsIgnoreCase(theme))
              .findFirst();
      if (choice.isEmpty()) {
        return new Reading.Bad<>("--theme takes light, dark or contrast, not \"" + theme + "\"");
      }
      chosen.add(choice.get());
    }
    if (text < Theme.MIN_SCALE * 100 || text > Theme.MAX_SCALE * 100) {
      return new Reading.Bad<>(
          String.format(
              Locale.ROOT,
              "--text takes %.0f to %.0f, not %d",
              Theme.MIN_SCALE * 100,
              Theme.MAX_SCALE * 100,
              text));
    }
    return new Reading.Good<>(new Looks(List.copyOf(read), List.copyOf(chosen), text));
  }

  /** Size of the letters, 1 being ordinary. */
  double scale() {
    return text / 100.0;
  }

  /** Every size in every theme. */
  List<Look> all(Size... ordinary) {
    List<Size> wanted = sizes.isEmpty() ? List.of(ordinary) : sizes;
    List<Choice> colours = themes.isEmpty() ? List.of(Choice.LIGHT, Choice.DARK) : themes;
    return colours.stream()
        .flatMap(theme -> wanted.stream().map(size -> new Look(size, theme)))
        .toList();
  }

  /** The same where one theme is enough. */
  List<Look> light(Size... ordinary) {
    return new Looks(sizes, themes.isEmpty() ? List.of(Choice.LIGHT) : themes, text).all(ordinary);
  }
}
