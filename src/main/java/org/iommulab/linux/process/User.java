package org.iommulab.linux.process;

/** A user account: pages its processes have locked together. */
public final class User {

  private long lockedPages;

  /** Pages charged to this user. */
  public long lockedPages() {
    return lockedPages;
  }

  /** Changes the charge. */
  public void addLocked(long delta) {
    lockedPages += delta;
  }
}
