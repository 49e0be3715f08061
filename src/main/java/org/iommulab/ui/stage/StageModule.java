package org.iommulab.ui.stage;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.Face;
import org.iommulab.ui.action.ActionSource;

/** The stage with its actions. */
public final class StageModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(StageModel.class);
    bind(StageView.class);
    bind(StageActions.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(StageActions.class);
    Multibinder.newSetBinder(binder(), Face.class).addBinding().to(StageView.class);
  }
}
