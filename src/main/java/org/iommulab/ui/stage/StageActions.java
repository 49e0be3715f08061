package org.iommulab.ui.stage;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.player.PresetPlayer;

/** From the workbench to the stage and back. */
@Singleton
public final class StageActions implements ActionSource {

  private final StageModel model;
  private final PresetPlayer player;

  @Inject
  public StageActions(StageModel model, PresetPlayer player) {
    this.model = model;
    this.player = player;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("stage")
            .shortcut("F9")
            .blocked(player.lessonProperty().map(lesson -> "").orElse("reason.no-lesson"))
            .runs(model::open));
  }
}
