package org.iommulab.progress;

/** Whoever listens on the present thread. */
final class Listener {

  static final Progress NOBODY = (done, total) -> {};

  static final ScopedValue<Progress> CURRENT = ScopedValue.newInstance();

  private Listener() {}
}
