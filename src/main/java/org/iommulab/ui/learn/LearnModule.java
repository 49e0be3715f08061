package org.iommulab.ui.learn;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import java.time.InstantSource;
import org.iommulab.ui.Face;
import org.iommulab.ui.action.ActionSource;

/** The start page. Other parts of the window may add a {@link Shelf} to its set. */
public final class LearnModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(InstantSource.class).toInstance(InstantSource.system());
    bind(Progress.class);
    bind(OwnLessons.class);
    bind(LearnModel.class);
    bind(LearnView.class);
    bind(LearnActions.class);
    Multibinder.newSetBinder(binder(), Shelf.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(LearnActions.class);
    Multibinder.newSetBinder(binder(), Face.class).addBinding().to(LearnView.class);
  }
}
