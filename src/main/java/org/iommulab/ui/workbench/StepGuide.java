package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.iommulab.course.Show;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selection;
import org.iommulab.ui.player.Pointer;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.view.part.LabPane;

/**
 * Brings forward what the step of a preset speaks of, and selects it. What a person brings forward
 * afterwards stays until the next step.
 */
@Singleton
final class StepGuide {

  private final PresetPlayer player;
  private final LabModel model;
  private final Selection selection;

  @Inject
  StepGuide(PresetPlayer player, LabModel model, Selection selection) {
    this.player = player;
    this.model = model;
    this.selection = selection;
  }

  /**
   * Leads through the panes of the window.
   *
   * @param isInFront whether the window shows them; a face that has borrowed panes leads by itself
   */
  void lead(Centre centre, List<LabPane> panes, BooleanSupplier isInFront) {
    player
        .progressProperty()
        .subscribe(
            progress -> {
              List<Show> shows = player.shows();
              if (isInFront.getAsBoolean() && !shows.isEmpty()) {
                bringForward(centre, panes, shows);
                Pointer.point(model, selection, shows);
              }
            });
  }

  /** Of panes behind each other the first that a step names comes to the front. */
  private static void bringForward(Centre centre, List<LabPane> panes, List<Show> shows) {
    for (Show show : shows.reversed()) {
      for (LabPane pane : panes) {
        if (pane.id().equals(show.pane())) {
          centre.bringForward(pane);
          show.text("part").ifPresent(pane::lookAt);
        }
      }
    }
  }
}
