package org.iommulab.ui.view.part;

/**
 * One visible row of a tree that is shown as a table. The model keeps which branches are open and
 * makes the rows; the view only draws them.
 */
public interface OutlineRow {

  /** Whether the row has rows below it. */
  enum Branch {
    /** It has none. */
    NONE,
    /** They are shown. */
    OPEN,
    /** They are hidden. */
    CLOSED
  }

  /** Stable name of the row; also the end of its node id. */
  String key();

  /** Steps of indentation. */
  int depth();

  /** Whether it can be opened or closed. */
  Branch branch();
}
