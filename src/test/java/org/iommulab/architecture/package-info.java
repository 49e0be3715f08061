/** The rules of docs/architecture.md as tests over the compiled classes. */
package org.iommulab.architecture;
