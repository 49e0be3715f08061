package org.iommulab.vtd.request;

import java.util.List;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationRequest;

/**
 * What a device asked its unit for, and how the unit came to its answer.
 *
 * @param asked the translation request
 * @param steps the stages of the last attempt that the unit made for the first page asked for
 * @param completion the answer
 */
public record TranslationTrace(
    TranslationRequest asked, List<WalkStep> steps, TranslationCompletion completion) {

  public TranslationTrace {
    steps = List.copyOf(steps);
  }
}
