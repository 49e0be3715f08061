package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import org.iommulab.ui.settings.Settings;

/** What a person has solved and mended so far. */
@Singleton
public final class PracticeScore {

  private final Settings settings;

  @Inject
  public PracticeScore(Settings settings) {
    this.settings = settings;
  }

  private static String key(String kind, String what) {
    return "exercise." + kind + "." + what;
  }

  /** Exercises of a kind that were answered. */
  int answered(String kind) {
    return (int) settings.number(key(kind, "answered"), 0);
  }

  /** Those whose lines were all right at once. */
  int right(String kind) {
    return (int) settings.number(key(kind, "right"), 0);
  }

  void answered(String kind, boolean right) {
    settings.put(key(kind, "answered"), (double) (answered(kind) + 1));
    settings.put(key(kind, "right"), (double) (right(kind) + (right ? 1 : 0)));
    settings.save();
  }

  /** The seed to go on with; {@code otherwise} if there was none yet. */
  long seed(String kind, long otherwise) {
    return (long) settings.number(key(kind, "seed"), (double) otherwise);
  }

  void setSeed(String kind, long now) {
    settings.put(key(kind, "seed"), (double) now);
  }

  boolean isMended(String entry) {
    return settings.flag("mended." + entry, false);
  }

  void mended(String entry) {
    settings.put("mended." + entry, true);
    settings.save();
  }
}
