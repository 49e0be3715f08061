package org.iommulab.ui.casefile;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.Face;
import org.iommulab.ui.action.ActionSource;

/** The case with its actions. */
public final class CaseModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(CaseModel.class);
    bind(CaseFace.class);
    bind(CaseActions.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(CaseActions.class);
    Multibinder.newSetBinder(binder(), Face.class).addBinding().to(CaseFace.class);
  }
}
