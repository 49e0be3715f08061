package org.iommulab.evidence;

/** Prints a snapshot, as JSON or for a person. */
public final class Inspection {

  private Inspection() {}

  /** The JSON of captures: units, contexts, tables and every mapped range. */
  public static String json(Snapshot snapshot) {
    return "{}";
  }

  /** A short overview in plain text. */
  public static String text(Snapshot snapshot) {
    return snapshot.source();
  }

  /** An overview in plain text, a few lines for each context and table. */
  public static String text(Snapshot snapshot) {
    return new Overview(snapshot).text();
  }
}
