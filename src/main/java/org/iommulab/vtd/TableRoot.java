package org.iommulab.vtd;

/** What global commands have set: translation on or off, the latched root table and its mode. */
final class TableRoot {

  private boolean enabled;
  private long address;
  private TableMode mode = TableMode.LEGACY;

  boolean isEnabled() {
    return enabled;
  }

  void setEnabled(boolean on) {
    enabled = on;
  }

  void set(long table, TableMode newMode) {
    address = table;
    mode = newMode;
  }

  /** Physical address of the root table. */
  long address() {
    return address;
  }

  TableMode mode() {
    return mode;
  }

  boolean isScalable() {
    return mode == TableMode.SCALABLE;
  }
}
