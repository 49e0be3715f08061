package org.iommulab.ui.view.calls;

import org.iommulab.trace.CallFrame;
import org.iommulab.ui.view.part.OutlineRow;

/**
 * One visible line of the call tree: a frame, or several equal neighbours folded into one.
 *
 * @param key indexes from the root joined by {@code -}; a fold ends in {@code f}
 * @param depth steps of indentation
 * @param branch whether it can be opened
 * @param frame the frame, or the first of the folded ones
 * @param times how many frames the line stands for; more than 1 for a fold
 * @param raised true if the error comes from this frame and not from one it called
 */
record CallRow(String key, int depth, Branch branch, CallFrame frame, int times, boolean raised)
    implements OutlineRow {

  boolean isFold() {
    return times > 1;
  }
}
