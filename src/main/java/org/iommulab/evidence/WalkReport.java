package org.iommulab.evidence;

import org.iommulab.bus.SourceId;

/** Tells in plain text how one address of one requester is translated. */
public final class WalkReport {

  private WalkReport() {}

  /** Every entry on the way, and where it ends. */
  public static String of(Snapshot snapshot, SourceId source, long iova) {
    return snapshot.source() + " " + source + " " + iova;
  }
}
