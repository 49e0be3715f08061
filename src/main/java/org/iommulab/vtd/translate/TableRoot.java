package org.iommulab.vtd.translate;

/** What global commands have set: translation on or off, the latched root table and its mode. */
final class TableRoot {

  private boolean enabled;
  private long address;
  private TableMode mode = TableMode.LEGACY;

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean on) {
    enabled = on;
  }

  public void set(long table, TableMode newMode) {
    address = table;
    mode = newMode;
  }

  /** Physical address of the root table. */
  public long address() {
    return address;
  }

  public TableMode mode() {
    return mode;
  }

  public boolean isScalable() {
    return mode == TableMode.SCALABLE;
  }
}
