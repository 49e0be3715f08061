package org.iommulab.course.mend;

import java.util.List;
import org.iommulab.words.Bilingual;

/**
 * What the judge says of a repair.
 *
 * @param symptomGone what showed the bug is as it should be
 * @param invariantsHold nothing is broken that the reference repair leaves whole
 * @param nothingElseChanged all that must stay stays
 * @param advisorContent the advisor says nothing that it would not say of the reference repair
 * @param changedLines lines that differ, a replaced one counted once
 * @param allowedLines most that may differ
 * @param reasons why it does not pass, one sentence each; empty if it does
 */
public record Verdict(
    boolean symptomGone,
    boolean invariantsHold,
    boolean nothingElseChanged,
    boolean advisorContent,
    int changedLines,
    int allowedLines,
    List<Bilingual> reasons) {

  public Verdict {
    reasons = List.copyOf(reasons);
  }

  /** Whether the bug is mended. */
  public boolean passes() {
    return symptomGone
        && invariantsHold
        && nothingElseChanged
        && advisorContent
        && changedLines > 0
        && changedLines <= allowedLines;
  }
}
