package org.iommulab.linux.mm;

import org.jspecify.annotations.Nullable;

/** Makes one chosen allocation fail, as {@code /proc/self/fail-nth} does. */
public final class FailureInjection {

  private long remaining;
  private @Nullable String lastSite;

  /** Makes the n-th allocation from now on fail, once; 0 for none. */
  public void failNth(long n) {
    remaining = n;
    lastSite = null;
  }

  /** Allocations that still succeed before one fails, that one included; 0 if none will. */
  public long remaining() {
    return remaining;
  }

  /** What the allocation that failed was for; null if none has since {@link #failNth}. */
  public @Nullable String lastSite() {
    return lastSite;
  }

  /** Counts an allocation; true if it is the one to fail. */
  public boolean fails(String site) {
    if (remaining == 0 || --remaining > 0) {
      return false;
    }
    lastSite = site;
    return true;
  }
}
