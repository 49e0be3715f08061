package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;

/** To the start page. */
@Singleton
public final class LearnActions implements ActionSource {

  private final LearnModel model;

  @Inject
  public LearnActions(LearnModel model) {
    this.model = model;
  }

  @Override
  public List<Action> actions() {
    return List.of(Action.named("learn").shortcut("F2").runs(model::open));
  }
}
