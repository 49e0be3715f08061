package org.iommulab.evidence.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times of day as logs write them, for telling how far apart two lines of one log are. */
final class Clock {

  private static final Pattern TIME =
      Pattern.compile("(\\d{1,2})[T ]+(\\d{2}):(\\d{2}):(\\d{2}(?:[.,]\\d{1,9})?)");
  private static final Pattern BARE =
      Pattern.compile("(\\d{2}):(\\d{2}):(\\d{2}(?:[.,]\\d{1,9})?)");
  private static final double DAY = 86_400;

  private Clock() {}

  /**
   * When a line was written.
   *
   * @param seconds since boot, or NaN
   * @param clock as written, or null
   * @return seconds since boot if they are known, or since the beginning of the month, or NaN
   */
  static double moment(double seconds, @Nullable String clock) {
    if (!Double.isNaN(seconds) || clock == null) {
      return seconds;
    }
    Matcher time = TIME.matcher(clock);
    if (time.find()) {
      return Integer.parseInt(time.group(1)) * DAY + ofDay(time, 2);
    }
    Matcher bare = BARE.matcher(clock);
    return bare.find() ? ofDay(bare, 1) : Double.NaN;
  }

  private static double ofDay(Matcher time, int hours) {
    return Integer.parseInt(time.group(hours)) * 3600
        + Integer.parseInt(time.group(hours + 1)) * 60
        + Double.parseDouble(time.group(hours + 2).replace(',', '.'));
  }
}
