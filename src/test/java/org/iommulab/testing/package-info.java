/**
 * What tests share: the way to the truth material beside the project. Imports nothing of the
 * laboratory.
 */
package org.iommulab.testing;
