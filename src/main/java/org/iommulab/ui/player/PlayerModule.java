package org.iommulab.ui.player;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.view.part.LabPane;

/** The preset player with its pane and actions. */
public final class PlayerModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(PlayClock.class).to(TimelineClock.class);
    bind(PlayClock.class).annotatedWith(Names.named(PlayClock.OF_MESSAGES)).to(TimelineClock.class);
    bind(TimelineClock.class);
    bind(PresetPlayer.class);
    bind(PlayerActions.class);
    bind(LessonPane.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(PlayerActions.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(LessonPane.class);
  }
}
