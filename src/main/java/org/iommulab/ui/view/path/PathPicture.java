package org.iommulab.ui.view.path;

import java.util.List;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * Everything the path pane draws about one request.
 *
 * @param request the request in words: {@code 00:03.0 writes 4 bytes at 1_004A_BCDE}
 * @param outcome how it ended
 * @param summary what it cost: {@code 3 table reads · 1 IOTLB fill}
 * @param stages from the device to memory
 * @param band the IOVA space around the address, or null if no domain is known
 */
record PathPicture(
    Phrase request, Mark outcome, Phrase summary, List<Stage> stages, @Nullable Band band) {

  PathPicture {
    stages = List.copyOf(stages);
  }

  /** The same with more to say about what it cost. */
  PathPicture with(Phrase more) {
    return new PathPicture(
        request, outcome, Phrase.join(List.of(summary, more), " · "), stages, band);
  }
}
