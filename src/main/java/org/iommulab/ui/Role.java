package org.iommulab.ui;

/** What a colour stands for. Colour never stands alone: each state has a symbol or a word too. */
public enum Role {
  /** The selection. */
  ACCENT("accent"),
  /** Allowed, hit, valid. */
  OK("ok"),
  /** Miss, caution. */
  WARN("warn"),
  /** Fault, stale, error. */
  BAD("bad"),
  /** Changed by the last command. */
  CHANGED("changed"),
  /** Nothing to say. */
  MUTED("muted");

  private final String token;

  Role(String token) {
    this.token = token;
  }

  /** The style class that gives a node this role's colours, such as {@code role-ok}. */
  public String styleClass() {
    return "role-" + token;
  }

  /** The looked-up colour for text and lines, such as {@code -lab-ok}. */
  public String colour() {
    return "-lab-" + token;
  }

  /** The looked-up colour for backgrounds, such as {@code -lab-ok-bg}. */
  public String background() {
    return this == MUTED ? "-lab-bg3" : "-lab-" + token + "-bg";
  }
}
